/** The media library that the programs beside this use. */
export class Sample {
  readonly #bytes: Uint8Array;
  readonly timestamp: number;

  constructor(bytes: Uint8Array, timestamp: number) {
    this.#bytes = bytes;
    this.timestamp = timestamp;
  }

  bytes(): Uint8Array {
    return this.#bytes;
  }

  length(): number {
    return this.#bytes.length;
  }

  peak(): number {
    return Math.max(0, ...this.#bytes);
  }

  clone(): Sample {
    return new Sample(this.#bytes, this.timestamp);
  }

  close(): void {
    console.log('closed', this.timestamp);
  }
}
