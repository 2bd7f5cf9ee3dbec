// settings: { "apis": { "database": { "type": "Cursor", "close": "finish", "duplicate": "fork" }, "connections": { "type": "Connection", "close": "release" } } }
/** Reads rows through cursors of a database that the settings describe. */
import { Connection, Cursor } from './database-api.ts';

export interface Row {
  readonly id: number;
  readonly name: string;
}

function toRow(values: readonly unknown[]): Row {
  return { id: Number(values[0]), name: String(values[1]) };
}

export function find(connection: Connection, name: string): Row | null {
  const cursor = new Cursor(connection, 'select id, name from users where name = ?', [name]); // opens cursor
  const values = cursor.next();
  cursor.finish(); // closes cursor
  return values === null ? null : toRow(values);
}

export function all(connection: Connection, limit: number): Row[] {
  const listed = new Cursor(connection, 'select id, name from users', []); // opens listed
  const rows: Row[] = [];
  try {
    for (let values = listed.next(); values !== null; values = listed.next()) {
      rows.push(toRow(values));
      if (rows.length === limit) break;
    }
  } finally {
    listed.finish(); // closes listed
  }
  return rows;
}

/** Counts what is left and closes the cursor. */
function drain(cursor: Cursor): number {
  let count = 0;
  while (cursor.next() !== null) count++;
  cursor.finish();
  return count;
}

/** A fork counts ahead, while the cursor stays where it is. */
export function page(connection: Connection, size: number): { rows: Row[]; rest: number } {
  const here = new Cursor(connection, 'select id, name from users', []); // opens here
  const rows: Row[] = [];
  for (let index = 0; index < size; index++) {
    const values = here.next();
    if (values === null) break;
    rows.push(toRow(values));
  }
  const ahead = here.fork(); // opens ahead
  const rest = drain(ahead); // passes ahead for here
  here.finish(); // closes here
  return { rows, rest };
}

export function isReachable(url: string): boolean {
  const connection = new Connection(url); // opens connection
  if (!connection.isOpen()) {
    connection.release(); // closes connection
    return false;
  }
  const version = connection.version();
  connection.release(); // closes connection
  return version > 0;
}

export function copyUsers(from: string, to: string): number {
  const source = new Connection(from); // opens source
  const target = new Connection(to); // opens target
  let count = 0;
  try {
    const rows = new Cursor(source, 'select id, name from users', []); // opens rows
    for (let values = rows.next(); values !== null; values = rows.next()) {
      target.run('insert into users values (?, ?)', values);
      count++;
    }
    rows.finish(); // closes rows
  } finally {
    target.release(); // closes target
    source.release(); // closes source
  }
  return count;
}
