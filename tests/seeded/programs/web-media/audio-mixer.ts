/** Mixes and measures audio. */
export interface Clip {
  readonly sampleRate: number;
  readonly channels: number;
  readonly samples: Float32Array<ArrayBuffer>;
}

function dataOf({ sampleRate, channels, samples }: Clip, timestamp: number): AudioData {
  return new AudioData({
    format: 'f32-planar',
    sampleRate,
    numberOfFrames: samples.length / channels,
    numberOfChannels: channels,
    timestamp,
    data: samples,
  });
}

export async function encode(clips: readonly Clip[], config: AudioEncoderConfig): Promise<EncodedAudioChunk[]> {
  const chunks: EncodedAudioChunk[] = [];
  const encoder = new AudioEncoder({ output: (chunk) => chunks.push(chunk), error: (error) => console.error(error) }); // opens encoder
  encoder.configure(config);
  let timestamp = 0;
  for (const clip of clips) {
    const data = dataOf(clip, timestamp); // opens data
    timestamp += data.duration;
    encoder.encode(data);
    data.close(); // closes data
  }
  await encoder.flush();
  encoder.close(); // closes encoder
  return chunks;
}

export function peakOf(clip: Clip): number {
  const measured = dataOf(clip, 0); // opens measured
  const plane = new Float32Array(measured.numberOfFrames);
  let peak = 0;
  for (let channel = 0; channel < clip.channels; channel++) {
    measured.copyTo(plane, { planeIndex: channel });
    for (const value of plane) peak = Math.max(peak, Math.abs(value));
  }
  measured.close(); // closes measured
  return peak;
}

export function toMono(clip: Clip, isQuiet: boolean): Clip {
  const source = dataOf(clip, 0); // opens source
  try {
    const left = new Float32Array(source.numberOfFrames);
    source.copyTo(left, { planeIndex: 0 });
    if (isQuiet) left.forEach((value, index) => { left[index] = value / 2; });
    return { sampleRate: clip.sampleRate, channels: 1, samples: left };
  } finally {
    source.close(); // closes source
  }
}

/** Decodes one chunk and gives what it holds to a function. */
export async function listen(stream: MediaStream, seconds: number): Promise<AudioBuffer | null> {
  const context = new AudioContext(); // opens context
  const node = context.createMediaStreamSource(stream);
  const silence = context.createGain();
  silence.gain.value = 0;
  node.connect(silence).connect(context.destination);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  await context.close(); // closes context
  return null;
}
