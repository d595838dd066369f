import type { ToFilmScreening } from './worker-messages.ts'

/** Not in every browser, nor in the types: see W3C, MediaStreamTrack Insertable Media Processing using Streams. */
declare const MediaStreamTrackProcessor: new (init: {
  track: MediaStreamTrack
}) => {
  readonly readable: ReadableStream<VideoFrame>
}

export interface FilmFeed {
  /** The worker has a use for frames from now on, or none. */
  running(isRunning: boolean): void
  /** The worker is done with the last frame. */
  taken(): void
  close(): void
}

/** Takes the track's frames to the picture worker. The track stays whoever's it is. */
export function feedFilm(
  track: MediaStreamTrack,
  isRunning: boolean,
  post: (message: ToFilmScreening, transfer: Transferable[]) => void,
): FilmFeed {
  return 'MediaStreamTrackProcessor' in globalThis
    ? feedByStream(track, post)
    : feedByVideo(track, isRunning, post)
}

/** The worker reads from the track itself; nothing passes through the page's own thread. */
function feedByStream(
  track: MediaStreamTrack,
  post: (message: ToFilmScreening, transfer: Transferable[]) => void,
): FilmFeed {
  const { readable } = new MediaStreamTrackProcessor({ track })
  post({ t: 'film-source', frames: readable }, [readable as unknown as Transferable])
  return {
    running() {},
    taken() {},
    close: () => post({ t: 'film-source', frames: null }, []),
  }
}

/** Elsewhere a video element that nobody sees plays the track, and each frame of a running film is taken from it. */
function feedByVideo(
  track: MediaStreamTrack,
  isRunningNow: boolean,
  post: (message: ToFilmScreening, transfer: Transferable[]) => void,
): FilmFeed {
  const video = document.createElement('video')
  video.muted = true
  video.playsInline = true
  video.srcObject = new MediaStream([track])
  // Refused only where it is closed again before it began.
  video.play().catch(() => undefined)
  let isRunning = isRunningNow
  let isBusy = false
  let isClosed = false

  async function shown(): Promise<void> {
    if (isClosed) return
    video.requestVideoFrameCallback(shown)
    if (!isRunning || isBusy) return
    isBusy = true
    try {
      const frame = await createImageBitmap(video, { colorSpaceConversion: 'none' })
      if (isClosed) frame.close()
      else post({ t: 'film-frame', frame }, [frame])
    } catch {
      // There was no frame to take; the next one comes by itself.
      isBusy = false
    }
  }
  video.requestVideoFrameCallback(shown)

  return {
    running(isRunningFromNow) {
      isRunning = isRunningFromNow
    },
    taken() {
      isBusy = false
    },
    close() {
      isClosed = true
      video.pause()
      video.srcObject = null
    },
  }
}
