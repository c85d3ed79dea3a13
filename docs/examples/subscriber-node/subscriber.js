// Ships what Quittance asks for, and says so. What it can't handle ends the process: whoever restarts it has it go on
// where it was, and nothing is sent or told twice.
import { Kafka, Partitioners, logLevel } from 'kafkajs';
import { Journal } from './journal.js';
import { PREFIX, Unreadable, readEvent } from './order-event.js';
import { after, complete, reported, sent } from './shipment.js';

const setting = (name, otherwise) => process.env[name] ?? otherwise;
const eventsTopic = setting('EVENTS_TOPIC', 'fulfillment.events.v1');
const commandsTopic = setting('COMMANDS_TOPIC', 'fulfillment.commands.v1');

const journal = new Journal(setting('JOURNAL', 'shipments.jsonl'));
const kafka = new Kafka({
  clientId: 'example-shipping',
  brokers: setting('KAFKA_BOOTSTRAP_SERVERS', '127.0.0.1:9092').split(','),
  logLevel: logLevel.WARN,
});
// the partitioner of the Java clients: an order's commands stay in one partition, whoever writes them
const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: true });
const consumer = kafka.consumer({ groupId: setting('GROUP_ID', 'example-shipping') });

// First all that there is to read, then the parcels: a request and its cancellation that come together ship nothing.
async function take({ batch }) {
  const changes = new Map();
  const recipients = new Map();
  for (const message of batch.messages) {
    try {
      const event = readEvent(message);
      const before = changes.get(event.order) ?? journal.of(event.order);
      const next = after(before, event);
      if (next !== before) {
        tell(before, event);
        changes.set(event.order, next);
        recipients.set(event.order, event.recipient);
      }
    } catch (problem) {
      if (!(problem instanceof Unreadable)) throw problem;
      // one record that can't be read must not stop the others of its partition
      console.error(`put aside: ${batch.topic}-${batch.partition} offset ${message.offset}: ${problem.message}`);
    }
  }
  journal.write(
    [...changes.values()].map((shipment) =>
      shipment.status === 'due' ? ship(shipment, recipients.get(shipment.order)) : shipment,
    ),
  );
  await report();
}

// Where a real one would call a carrier, with the parcel's number as the idempotency key.
function ship(due, recipient) {
  const shipment = sent(due);
  console.log(`ship ${shipment.order}: parcel ${shipment.parcel}, ${shipment.items.length} lines, to ${recipient[0]}…`);
  return shipment;
}

// What a person may want to know.
function tell(before, event) {
  if (before.sequence > 0 && event.sequence > before.sequence + 1) {
    console.error(`${event.order}: events before ${event.sequence} are missing`);
  }
  switch (event.type) {
    case `${PREFIX}held.v1`:
    case `${PREFIX}canceled.v1`:
      console.log(`stop ${event.order}${before.parcel ? ': too late, it has left' : ''}`);
      break;
    case `${PREFIX}reversal_requested.v1`:
      console.log(`get ${event.order} back`);
      break;
    case `${PREFIX}rejected.v1`:
      if (event.command.startsWith('shipping:')) console.log(`${event.command} was rejected`);
      break;
    default: // a type that came later than this program, too
  }
}

// Says what has left.
async function report() {
  const unreported = journal.unreported();
  if (unreported.length === 0) return;
  const messages = unreported.map((shipment) => complete(shipment, new Date()));
  await producer.send({ topic: commandsTopic, acks: -1, messages });
  journal.write(unreported.map(reported));
}

async function stop(code) {
  await consumer.disconnect();
  await producer.disconnect();
  journal.close();
  process.exit(code);
}

await producer.connect();
// what a crash left between the parcel and the report
await report();
await consumer.connect();
await consumer.subscribe({ topic: eventsTopic, fromBeginning: true });
// the client commits the offsets of a batch when take() has returned, and not before
await consumer.run({ eachBatch: take });

consumer.on(consumer.events.CRASH, ({ payload }) => {
  console.error(`crashed: ${payload.error.name}`);
  if (!payload.restart) stop(1);
});
process.on('SIGTERM', () => stop(0));
process.on('SIGINT', () => stop(0));
