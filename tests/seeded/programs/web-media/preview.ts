/** Sends frames to an encoder and shows copies of them. */
export interface PreviewTarget {
  readonly context: CanvasRenderingContext2D;
  readonly isVisible: boolean;
}

const MAX_WAITING = 8;

/** Draws a frame and is done with it. */
function show(frame: VideoFrame, { context }: PreviewTarget): void {
  context.drawImage(frame, 0, 0);
  frame.close();
}

export class Pipeline {
  readonly #encoder: VideoEncoder;
  readonly #worker: Worker;

  constructor(encoder: VideoEncoder, worker: Worker) {
    this.#encoder = encoder;
    this.#worker = worker;
  }

  /** The worker gets the frame, the encoder a copy of it. */
  push(video: HTMLVideoElement): void {
    const frame = new VideoFrame(video); // opens frame
    if (this.#encoder.encodeQueueSize > MAX_WAITING) {
      frame.close(); // closes frame
      return;
    }
    this.#encoder.encode(frame);
    this.#worker.postMessage({ kind: 'frame', frame }, [frame]);
  }

  /** The preview closes what it is given, so it gets a clone. */
  pushWithPreview(video: HTMLVideoElement, target: PreviewTarget): void {
    const original = new VideoFrame(video); // opens original
    if (target.isVisible) {
      const copy = original.clone(); // opens copy
      show(copy, target); // passes copy for original
    }
    this.#encoder.encode(original);
    original.close(); // closes original
  }
}

export function analyse(video: HTMLVideoElement, worker: Worker, encoder: VideoEncoder): void {
  const shared = new VideoFrame(video); // opens shared
  const forWorker = shared.clone(); // opens forWorker
  worker.postMessage({ frame: forWorker }, [forWorker]);
  encoder.encode(shared);
  shared.close(); // closes shared
}

export async function probe(canvas: HTMLCanvasElement): Promise<string | null> {
  const tested = new VideoFrame(canvas, { timestamp: 0 }); // opens tested
  const { format } = tested;
  await new Promise((resolve) => setTimeout(resolve, 0));
  tested.close(); // closes tested
  return format;
}

export async function shareScreen(withSound: boolean): Promise<MediaStreamTrack | null> {
  const stream = await navigator.mediaDevices.getDisplayMedia({ video: true, audio: withSound });
  const [track] = stream.getVideoTracks();
  if (track === undefined) return null;
  const second = track.clone(); // opens second
  const { width = 0 } = second.getSettings();
  second.stop(); // closes second
  return width > 0 ? track : null;
}
