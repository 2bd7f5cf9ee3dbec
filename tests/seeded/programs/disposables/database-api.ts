/** The database that the programs beside this use. */
export class Connection {
  constructor(readonly url: string) {}

  isOpen(): boolean {
    return this.url !== '';
  }

  version(): number {
    return this.url.length;
  }

  run(statement: string, values: readonly unknown[]): void {
    console.log(statement, values);
  }

  release(): void {
    console.log('released');
  }
}

export class Cursor {
  constructor(
    readonly connection: Connection,
    readonly statement: string,
    readonly values: readonly unknown[],
  ) {}

  next(): readonly unknown[] | null {
    return this.values;
  }

  fork(): Cursor {
    return new Cursor(this.connection, this.statement, this.values);
  }

  finish(): void {
    console.log('finished');
  }
}
