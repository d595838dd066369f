import type { RefusalCode } from '../../protocol/refusals.ts'
import type { Watching } from '../session/view.ts'

/** Why the expert does not see the customer's screen as it is now. */
export type ScreenNotice =
  | { readonly kind: 'card' | 'broken' | 'lost' | 'first' }
  | { readonly kind: 'frozen'; readonly reason: Watching['picture']['reason'] }

/**
 * One notice at a time, the one that explains most. The customer's own wish comes first: while the screen is hidden
 * nothing else may stand in its place, and nothing of it may show through.
 */
export function screenNotice(
  view: Pick<Watching, 'picture' | 'line'>,
  hasPicture: boolean,
  problem: RefusalCode | null,
): ScreenNotice | null {
  if (view.picture.state === 'card') return { kind: 'card' }
  if (view.line === 'lost') return { kind: 'lost' }
  if (problem) return { kind: 'broken' }
  if (view.picture.state === 'frozen') return { kind: 'frozen', reason: view.picture.reason }
  return hasPicture ? null : { kind: 'first' }
}
