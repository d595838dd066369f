import type { EndReason } from '../../protocol/end-reason.ts'
import { REFUSALS, type RefusalCode } from '../../protocol/refusals.ts'

/** Key of the sentence for what kept a session from starting. A few codes are both; their sentences say the same. */
export function problemKey(problem: RefusalCode | EndReason): string {
  return problem in REFUSALS ? `refusal.${problem}` : `ended.${problem}`
}
