// What a shipper needs of a record: nothing else is read, so nothing else can break it.

export const PREFIX = 'dev.quittance.fulfillment.';

// of any other type the value may be anything: only its sequence is read
const HANDLED = new Set(
  ['requested', 'released', 'held', 'canceled', 'completed', 'rejected', 'reversal_requested', 'reversed'].map(
    (name) => `${PREFIX}${name}.v1`,
  ),
);

export class Unreadable extends Error {}

export function readEvent(message) {
  const type = required(message, 'ce_type');
  const value = HANDLED.has(type) ? parse(message.value) : {};
  const order = value.order ?? {};
  return {
    id: required(message, 'ce_id'),
    type,
    order: required(message, 'ce_subject'),
    sequence: sequence(message),
    traceparent: header(message, 'traceparent') ?? '',
    // what is still to be sent of each line; empty when the lines are unknown
    remaining: (order.lineItems ?? [])
      .map((line) => ({ id: line.id, quantity: line.quantity - (line.fulfilled ?? 0) }))
      .filter((item) => item.quantity > 0),
    fulfilled: order.fulfillmentStatus === 'fulfilled',
    recipient: order.customer?.shipping?.name ?? order.customer?.name ?? 'unknown',
    command: value.command ?? '',
  };
}

function parse(bytes) {
  let value;
  try {
    value = JSON.parse(bytes?.toString('utf8') ?? '');
  } catch {
    // its message would quote the value, which holds names and addresses
    throw new Unreadable('no JSON');
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new Unreadable('no JSON object');
  }
  return value;
}

function sequence(message) {
  const sequence = Number(required(message, 'ce_sequence'));
  if (!Number.isSafeInteger(sequence)) throw new Unreadable('ce_sequence is no number');
  return sequence;
}

function required(message, name) {
  const value = header(message, name);
  if (value === undefined) throw new Unreadable(`${name} is missing`);
  return value;
}

// of a header that stands there several times, the last counts
function header(message, name) {
  const values = [message.headers?.[name] ?? []].flat();
  return values.length === 0 ? undefined : values.at(-1).toString('utf8');
}
