/**
 * Media handles of the web platform: frames and samples, bitmaps, tracks, codecs, and the locks of streams.
 * Evidence for each line stands in docs/apis/web-media.md.
 */
import type { ApiDescription, OperationDescription } from './schema.ts';

const closes: OperationDescription = { effects: [{ do: 'close', on: 'this' }], throws: 'never' };
const uses: OperationDescription = { effects: [{ do: 'use', on: 'this' }] };
const clones: OperationDescription = {
  effects: [{ do: 'duplicate', of: 'this', to: 'result', failure: 'throws' }],
};

/** A codec reads what it is given and leaves it to its owner. */
const reads: OperationDescription = {
  effects: [
    { do: 'use', on: 'this' },
    { do: 'use', on: 'arg0' },
  ],
};

const codec = {
  methods: { configure: uses, encode: reads, decode: reads, flush: uses, reset: uses, close: closes },
};

/** A new handle of this kind, whatever it is made of; what it is made of stays as it was. */
const makes = (kind: string): OperationDescription => ({
  effects: [
    { do: 'use', on: 'arg0' },
    { do: 'acquire', to: 'result', kind, failure: 'throws' },
  ],
});

/** A codec, which hands what it makes to the `output` callback that it is given. */
const makesCodec = (kind: string): OperationDescription => ({
  effects: [{ do: 'acquire', to: 'result', kind, failure: 'throws' }],
});

export const webMedia: ApiDescription = {
  kinds: {
    VideoFrame: { label: 'video frame', closers: ['close'], closeTwice: 'harmless' },
    AudioData: { label: 'audio data', closers: ['close'], closeTwice: 'harmless' },
    ImageBitmap: { label: 'image bitmap', closers: ['close'], closeTwice: 'harmless' },
    MediaStreamTrack: { label: 'track', closers: ['stop'], closeTwice: 'harmless' },
    VideoEncoder: { label: 'video encoder', closers: ['close'] },
    VideoDecoder: { label: 'video decoder', closers: ['close'] },
    AudioEncoder: { label: 'audio encoder', closers: ['close'] },
    AudioDecoder: { label: 'audio decoder', closers: ['close'] },
    FileSystemSyncAccessHandle: { label: 'sync access handle', closers: ['close'], closeTwice: 'harmless' },
  },
  constructors: {
    VideoFrame: makes('VideoFrame'),
    AudioData: makes('AudioData'),
    VideoEncoder: makesCodec('VideoEncoder'),
    VideoDecoder: makesCodec('VideoDecoder'),
    AudioEncoder: makesCodec('AudioEncoder'),
    AudioDecoder: makesCodec('AudioDecoder'),
  },
  globals: {
    createImageBitmap: {
      effects: [
        { do: 'use', on: 'arg0' },
        { do: 'acquire', to: 'result', kind: 'ImageBitmap', failure: 'throws' },
      ],
      isAsync: true,
    },
  },
  types: {
    VideoFrame: { methods: { close: closes, clone: clones, copyTo: uses, allocationSize: uses } },
    AudioData: { methods: { close: closes, clone: clones, copyTo: uses, allocationSize: uses } },
    ImageBitmap: { methods: { close: closes } },
    MediaStreamTrack: { methods: { stop: closes, clone: clones, applyConstraints: uses } },
    VideoEncoder: codec,
    VideoDecoder: codec,
    AudioEncoder: codec,
    AudioDecoder: codec,
    FileSystemFileHandle: {
      methods: {
        createSyncAccessHandle: {
          effects: [{ do: 'acquire', to: 'result', kind: 'FileSystemSyncAccessHandle', failure: 'throws' }],
          isAsync: true,
        },
      },
    },
    FileSystemSyncAccessHandle: {
      methods: { close: closes, read: uses, write: uses, flush: uses, truncate: uses, getSize: uses },
    },
    ReadableStreamDefaultController: { methods: { enqueue: { effects: [{ do: 'take', on: 'arg0' }] } } },
    TransformStreamDefaultController: { methods: { enqueue: { effects: [{ do: 'take', on: 'arg0' }] } } },
    WritableStreamDefaultWriter: { methods: { write: { effects: [{ do: 'take', on: 'arg0' }] } } },
  },
};
