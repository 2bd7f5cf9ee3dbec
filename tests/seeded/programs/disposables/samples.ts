// settings: { "apis": { "samples": { "type": "Sample", "close": "close", "duplicate": "clone" } } }
/** Works on samples of a media library that the settings describe in one line. */
import { Sample } from './samples-api.ts';

export interface Sink {
  add(sample: Sample): Promise<void>;
}

export function brightness(bytes: Uint8Array, timestamp: number): number {
  const sample = new Sample(bytes, timestamp); // opens sample
  let sum = 0;
  for (const value of sample.bytes()) sum += value;
  const length = sample.length();
  sample.close(); // closes sample
  return length === 0 ? 0 : sum / length;
}

export function crop(bytes: Uint8Array, from: number, to: number): Uint8Array | null {
  const whole = new Sample(bytes, 0); // opens whole
  if (from > whole.length() || to < from) {
    whole.close(); // closes whole
    return null;
  }
  const part = whole.bytes().slice(from, to);
  whole.close(); // closes whole
  return part;
}

/** Writes the samples that are loud enough. */
export async function filter(parts: readonly Uint8Array[], floor: number, write: (bytes: Uint8Array) => Promise<void>): Promise<number> {
  let kept = 0;
  for (const [index, part] of parts.entries()) {
    const candidate = new Sample(part, index); // opens candidate
    if (candidate.peak() < floor) {
      candidate.close(); // closes candidate
      continue;
    }
    await write(candidate.bytes());
    candidate.close(); // closes candidate
    kept++;
  }
  return kept;
}

/** Shows a sample and closes it. */
function consume(sample: Sample): string {
  const text = `${sample.length()} at ${sample.timestamp}`;
  sample.close();
  return text;
}

export function describeTwice(bytes: Uint8Array): string[] {
  const first = new Sample(bytes, 0); // opens first
  const second = first.clone(); // opens second
  const lines = [consume(second)]; // passes second for first
  lines.push(String(first.peak()));
  first.close(); // closes first
  return lines;
}

export class Meter {
  readonly #sink: Sink;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  async measure(bytes: Uint8Array, timestamp: number): Promise<number> {
    const measured = new Sample(bytes, timestamp); // opens measured
    const peak = measured.peak();
    const copy = measured.clone();
    await this.#sink.add(copy);
    measured.close(); // closes measured
    return peak;
  }
}
