import type { RECORDER_TROUBLES } from '../protocol/messages/recording.ts'

export type TroubleReason = (typeof RECORDER_TROUBLES)[number]

/** Why the vault did not take something; what it had acknowledged before is untouched. */
export class VaultFailure extends Error {
  readonly reason: TroubleReason

  /** @param detail for the operator's log: no content, no key */
  constructor(reason: TroubleReason, detail: string, cause?: unknown) {
    super(`${reason}: ${detail}`, { cause })
    this.name = 'VaultFailure'
    this.reason = reason
  }

  /** True where the disk is at fault and the same bytes may be taken later. */
  get isOfDisk(): boolean {
    return this.reason === 'disk-full' || this.reason === 'disk-failed'
  }
}

const NO_SPACE = new Set(['ENOSPC', 'EDQUOT'])

/** Any error of the disk as a `VaultFailure`. */
export function asVaultFailure(error: unknown): VaultFailure {
  if (error instanceof VaultFailure) return error
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? 'unknown'
  return new VaultFailure(NO_SPACE.has(code) ? 'disk-full' : 'disk-failed', code, error)
}
