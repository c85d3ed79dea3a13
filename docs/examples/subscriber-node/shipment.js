import { createHash } from 'node:crypto';
import { PREFIX } from './order-event.js';

// How far the shipping of one order is. It holds no name and no address, so that there is nothing to erase.
//
// sequence  the ce_sequence of the last event that was handled
// status    idle: nothing is to be sent; due: to be sent now; sent: Quittance doesn't know yet; reported
// askedBy   the ce_id of the event that asked for what was sent last
// parcel    the tracking number of what was sent, empty before
export const unknown = (order) => ({
  order,
  sequence: 0,
  status: 'idle',
  askedBy: '',
  traceparent: '',
  parcel: '',
  items: [],
});

// What an event makes of it. A pure function: the same events give the same shipment, however often they come.
export function after(shipment, event) {
  if (event.sequence <= shipment.sequence) return shipment;
  const seen = { ...shipment, sequence: event.sequence };
  switch (event.type) {
    case `${PREFIX}requested.v1`:
    case `${PREFIX}released.v1`:
      return event.fulfilled ? seen : asked(seen, event);
    case `${PREFIX}held.v1`:
    case `${PREFIX}canceled.v1`:
      return seen.status === 'due' ? { ...seen, status: 'idle' } : seen;
    case `${PREFIX}completed.v1`:
      // somebody may have fulfilled it by hand, in whole or in part
      if (seen.status !== 'due') return seen;
      return event.fulfilled ? { ...seen, status: 'idle' } : asked(seen, event);
    case `${PREFIX}reversed.v1`:
      // it is back: should it be released once more, it is sent once more
      return { ...unknown(seen.order), sequence: event.sequence };
    default:
      return seen;
  }
}

// What has left and is asked for again was reported in vain, because a hold crossed the report: it is reported once
// more, not sent once more.
function asked(shipment, event) {
  return {
    ...shipment,
    status: shipment.parcel ? 'sent' : 'due',
    askedBy: event.id,
    traceparent: event.traceparent,
    items: event.remaining,
  };
}

// The parcel's number follows from what asked for it: a carrier that gets it twice, because we crashed in between,
// knows that it is the same parcel.
export function sent(shipment) {
  const number = createHash('sha256').update(shipment.askedBy).digest('hex').slice(0, 12);
  return { ...shipment, status: 'sent', parcel: `EX${number}` };
}

export const reported = (shipment) => ({ ...shipment, status: 'reported' });

// The command that says so. Its id is the same at every attempt, so that Quittance takes it once.
export function complete(shipment, now) {
  return {
    key: shipment.order,
    value: JSON.stringify({
      items: shipment.items,
      tracking: { carrier: 'example', number: shipment.parcel },
    }),
    headers: {
      ce_specversion: '1.0',
      ce_type: `${PREFIX}complete.v1`,
      ce_id: `shipping:${shipment.askedBy}`,
      ce_source: '/shipping',
      ce_subject: shipment.order,
      ce_time: now.toISOString(),
      'content-type': 'application/json',
      ...(shipment.traceparent && { traceparent: shipment.traceparent }),
    },
  };
}
