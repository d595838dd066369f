import type { LinkMedia } from './link-media.ts'

/** Not yet in every browser's types, nor in every browser. */
type HurriedReceiver = RTCRtpReceiver & {
  jitterBufferTarget?: number | null
  playoutDelayHint?: number | null
}

/**
 * The end that takes the film. `film` gets the track of the link that is ready now, null once there is none; each link
 * has one of its own. Frames that nobody reads from it cost only their decoding.
 */
export function receiveFilm(film: (track: MediaStreamTrack | null) => void): LinkMedia {
  let shown: MediaStreamTrack | undefined
  return {
    theirDirection: 'sendonly',
    prepare(connection) {
      let track: MediaStreamTrack | undefined
      connection.ontrack = ({ receiver }) => {
        track = receiver.track
        hurry(receiver)
      }
      return {
        ready() {
          if (track) film(track)
          shown = track
        },
        close() {
          if (!track || shown !== track) return
          shown = undefined
          film(null)
        },
      }
    },
  }
}

/** A frame that comes early is of more use than one that comes smoothly. */
function hurry(receiver: HurriedReceiver): void {
  if ('jitterBufferTarget' in receiver) receiver.jitterBufferTarget = 0
  if ('playoutDelayHint' in receiver) receiver.playoutDelayHint = 0
}
