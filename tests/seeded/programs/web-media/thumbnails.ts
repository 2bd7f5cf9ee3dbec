/** Thumbnails of pictures and videos. */
export interface Thumbnail {
  readonly width: number;
  readonly height: number;
  readonly url: string;
}

const SIZE = 160;

async function toUrl(canvas: OffscreenCanvas): Promise<string> {
  return URL.createObjectURL(await canvas.convertToBlob({ type: 'image/webp' }));
}

export async function ofPicture(blob: Blob): Promise<Thumbnail> {
  const bitmap = await createImageBitmap(blob); // opens bitmap
  const scale = SIZE / Math.max(bitmap.width, bitmap.height);
  const canvas = new OffscreenCanvas(bitmap.width * scale, bitmap.height * scale);
  const context = canvas.getContext('2d');
  if (context === null) {
    bitmap.close(); // closes bitmap
    throw new Error('no context');
  }
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close(); // closes bitmap
  return { width: canvas.width, height: canvas.height, url: await toUrl(canvas) };
}

export async function ofVideo(video: HTMLVideoElement): Promise<Thumbnail | null> {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
  const frame = new VideoFrame(video); // opens frame
  const canvas = new OffscreenCanvas(SIZE, (SIZE * frame.displayHeight) / frame.displayWidth);
  canvas.getContext('2d')?.drawImage(frame, 0, 0, canvas.width, canvas.height);
  frame.close(); // closes frame
  return { width: canvas.width, height: canvas.height, url: await toUrl(canvas) };
}

export async function sheet(blobs: readonly Blob[]): Promise<string> {
  const canvas = new OffscreenCanvas(SIZE * blobs.length, SIZE);
  const context = canvas.getContext('2d');
  let x = 0;
  for (const blob of blobs) {
    const tile = await createImageBitmap(blob, { resizeWidth: SIZE, resizeHeight: SIZE }); // opens tile
    context?.drawImage(tile, x, 0);
    tile.close(); // closes tile
    x += SIZE;
  }
  return toUrl(canvas);
}

export async function firstOf(data: ReadableStream, type: string, context: CanvasRenderingContext2D): Promise<number> {
  const decoder = new ImageDecoder({ data, type }); // opens decoder
  try {
    const { image } = await decoder.decode({ frameIndex: 0 }); // opens image
    context.drawImage(image, 0, 0);
    image.close(); // closes image
    return decoder.tracks.selectedTrack?.frameCount ?? 1;
  } finally {
    decoder.close(); // closes decoder
  }
}
