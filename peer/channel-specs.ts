import { MAX_UPDATE_BYTES } from '../protocol/messages/picture.ts'
import { MAX_RECORD_BYTES } from '../protocol/messages/recording.ts'
import type { ChannelSpec } from './channel.ts'

/** Every channel there is. Ids start where simple-peer's own channel cannot collide with them. */

/** Trust and life signs, on every link. */
export const LINK_CHANNEL: ChannelSpec = {
  label: 'link',
  id: 10,
  policy: 'wait',
  maxBytes: 1024,
  maxQueuedBytes: 64 * 1024,
}

/** Between agent and expert. Input and chat have channels of their own and never wait behind pictures. */
export const EXPERT_CHANNELS = {
  control: { label: 'control', id: 12, policy: 'wait', maxBytes: 4096, maxQueuedBytes: 1024 * 1024 },
  chat: { label: 'chat', id: 14, policy: 'wait', maxBytes: 16 * 1024, maxQueuedBytes: 4 * 1024 * 1024 },
  picture: {
    label: 'picture',
    id: 16,
    policy: 'wait',
    maxBytes: MAX_UPDATE_BYTES,
    maxQueuedBytes: 2 * MAX_UPDATE_BYTES,
  },
  /** Both ways: the customer's cursor, and the expert's pointer. */
  pointer: { label: 'pointer', id: 18, policy: 'drop', maxBytes: 1024, maxQueuedBytes: 0 },
  input: { label: 'input', id: 20, policy: 'wait', maxBytes: 4096, maxQueuedBytes: 1024 * 1024 },
  clipboard: { label: 'clipboard', id: 22, policy: 'wait', maxBytes: 96 * 1024, maxQueuedBytes: 1024 * 1024 },
} as const satisfies Record<string, ChannelSpec>

/** Between agent and recorder. */
export const RECORDER_CHANNELS = {
  records: {
    label: 'records',
    id: 12,
    policy: 'wait',
    maxBytes: MAX_RECORD_BYTES,
    maxQueuedBytes: 4 * MAX_RECORD_BYTES,
  },
} as const satisfies Record<string, ChannelSpec>
