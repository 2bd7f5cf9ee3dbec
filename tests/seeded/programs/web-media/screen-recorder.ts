/** Records a canvas into chunks. */
export interface RecorderOptions {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly hasWatermark: boolean;
}

const MAX_QUEUE = 4;

function configOf({ width, height, framesPerSecond }: RecorderOptions): VideoEncoderConfig {
  return { codec: 'vp09.00.10.08', width, height, framerate: framesPerSecond };
}

export class ScreenRecorder {
  readonly #chunks: EncodedVideoChunk[] = [];
  readonly #encoder: VideoEncoder;
  readonly #options: RecorderOptions;
  #count = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#encoder = new VideoEncoder({
      output: (chunk) => this.#chunks.push(chunk),
      error: (error) => console.error(error),
    });
    this.#encoder.configure(configOf(options));
  }

  capture(canvas: HTMLCanvasElement): boolean {
    const timestamp = (this.#count * 1e6) / this.#options.framesPerSecond;
    const frame = new VideoFrame(canvas, { timestamp }); // opens frame
    if (this.#encoder.encodeQueueSize > MAX_QUEUE) {
      frame.close(); // closes frame
      return false;
    }
    this.#encoder.encode(frame, { keyFrame: this.#count % 60 === 0 });
    frame.close(); // closes frame
    this.#count++;
    return true;
  }

  async finish(): Promise<EncodedVideoChunk[]> {
    await this.#encoder.flush();
    this.#encoder.close();
    return this.#chunks;
  }
}

export async function canEncode(options: RecorderOptions): Promise<boolean> {
  const { supported } = await VideoEncoder.isConfigSupported(configOf(options));
  if (supported !== true) return false;
  const canvas = new OffscreenCanvas(options.width, options.height);
  canvas.getContext('2d')?.fillRect(0, 0, 1, 1);
  let isSeen = false;
  const encoder = new VideoEncoder({ output: () => { isSeen = true; }, error: () => undefined }); // opens encoder
  encoder.configure(configOf(options));
  const probe = new VideoFrame(canvas, { timestamp: 0 }); // opens probe
  encoder.encode(probe);
  probe.close(); // closes probe
  await encoder.flush();
  encoder.close(); // closes encoder
  return isSeen;
}

/** A still of what is on the screen. */
export async function still(video: HTMLVideoElement, context: CanvasRenderingContext2D): Promise<Blob | null> {
  const picture = new VideoFrame(video); // opens picture
  try {
    context.drawImage(picture, 0, 0, picture.displayWidth, picture.displayHeight);
  } finally {
    picture.close(); // closes picture
  }
  return new Promise((resolve) => context.canvas.toBlob(resolve));
}
