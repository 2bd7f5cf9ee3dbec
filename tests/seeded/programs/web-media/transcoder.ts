/** Decodes, draws over and encodes again. */
export interface Overlay {
  draw(context: OffscreenCanvasRenderingContext2D, timestamp: number): void;
}

export interface TranscodeOptions {
  readonly decoder: VideoDecoderConfig;
  readonly encoder: VideoEncoderConfig;
  readonly overlay?: Overlay;
  readonly skipBefore?: number;
}

function redraw(frame: VideoFrame, context: OffscreenCanvasRenderingContext2D, overlay: Overlay): VideoFrame {
  context.drawImage(frame, 0, 0);
  overlay.draw(context, frame.timestamp);
  return new VideoFrame(context.canvas, { timestamp: frame.timestamp });
}

export async function transcode(
  chunks: AsyncIterable<EncodedVideoChunk>,
  options: TranscodeOptions,
  output: (chunk: EncodedVideoChunk) => void,
): Promise<void> {
  const fail = (error: Error): void => console.error(error);
  const context = new OffscreenCanvas(options.encoder.width, options.encoder.height).getContext('2d');
  if (context === null) throw new Error('no context');
  const encoder = new VideoEncoder({ output, error: fail });
  encoder.configure(options.encoder);
  const decoder = new VideoDecoder({
    output(frame) { // opens frame
      if (options.skipBefore !== undefined && frame.timestamp < options.skipBefore) {
        frame.close(); // closes frame
        return;
      }
      if (options.overlay === undefined) {
        encoder.encode(frame);
      } else {
        const drawn = redraw(frame, context, options.overlay); // opens drawn
        encoder.encode(drawn);
        drawn.close(); // closes drawn
      }
      frame.close(); // closes frame
    },
    error: fail,
  });
  decoder.configure(options.decoder);
  for await (const chunk of chunks) decoder.decode(chunk);
  await decoder.flush();
  await encoder.flush();
  decoder.close();
  encoder.close();
}

/** The planes of a frame, copied. */
export async function bytesOf(canvas: OffscreenCanvas, timestamp: number): Promise<Uint8Array> {
  const source = new VideoFrame(canvas, { timestamp }); // opens source
  const bytes = new Uint8Array(source.allocationSize());
  await source.copyTo(bytes);
  source.close(); // closes source
  return bytes;
}

export function sizeOf(video: HTMLVideoElement): { width: number; height: number } {
  const measured = new VideoFrame(video); // opens measured
  const { displayWidth, displayHeight } = measured;
  measured.close(); // closes measured
  return { width: displayWidth, height: displayHeight };
}
