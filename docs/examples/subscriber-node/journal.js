import { closeSync, constants, fdatasyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { unknown } from './shipment.js';

// What was handled, in a file: a line per change, of which the last of an order holds. A database does the same with
// a row per order and a transaction; this keeps the example small. One process per file: for several, use a database.
export class Journal {
  #file;
  #end;
  #shipments = new Map();

  constructor(path) {
    this.#file = openSync(path, constants.O_RDWR | constants.O_CREAT);
    const content = readFileSync(this.#file);
    // what a crash left unfinished was never answered for: cut it off
    this.#end = content.lastIndexOf('\n') + 1;
    ftruncateSync(this.#file, this.#end);
    for (const line of content.subarray(0, this.#end).toString('utf8').split('\n').filter(Boolean)) {
      const shipment = JSON.parse(line);
      this.#shipments.set(shipment.order, shipment);
    }
  }

  of(order) {
    return this.#shipments.get(order) ?? unknown(order);
  }

  // what has left without Quittance being told
  unreported() {
    return [...this.#shipments.values()].filter((shipment) => shipment.status === 'sent');
  }

  // returns when the changes are on the disk
  write(changes) {
    if (changes.length === 0) return;
    const lines = Buffer.from(changes.map((shipment) => `${JSON.stringify(shipment)}\n`).join(''));
    for (let done = 0; done < lines.length; ) {
      const written = writeSync(this.#file, lines, done, lines.length - done, this.#end);
      done += written;
      this.#end += written;
    }
    fdatasyncSync(this.#file);
    for (const shipment of changes) this.#shipments.set(shipment.order, shipment);
  }

  close() {
    closeSync(this.#file);
  }
}
