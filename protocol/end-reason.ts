import { type Static, Type } from 'typebox'

/** Why a session ended; the sentence each person reads is `ended.<reason>` in `i18n/`. */
export const END_REASONS = [
  'customer-ended',
  'expert-ended',
  'declined',
  'ask-expired',
  'wrong-number',
  'number-expired',
  'number-cancelled',
  'not-trusted',
  'fingerprint-mismatch',
  'no-connection',
  'no-recorder',
  'no-watermark',
  'capture-failed',
  'consent-lapsed',
  'agent-crashed',
  'line-lost',
  'protocol-error',
  'service-stopped',
] as const
export const EndReason = Type.Enum(END_REASONS)
export type EndReason = Static<typeof EndReason>
