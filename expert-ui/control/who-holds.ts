import type { Holding } from '../../protocol/control.ts'
import { includesLevel } from '../../protocol/level.ts'
import type { Watching } from '../session/view.ts'

/**
 * Who holds mouse and keyboard, as far as this page can know. The agent decides [K1]; the page only ever takes less:
 * it sends nothing over a lost line, and nothing to a screen the expert does not see as it is.
 * @param isPictureLive what is on the canvas is what the customer sees now
 */
export function whoHolds(
  view: Pick<Watching, 'level' | 'holder' | 'because' | 'question' | 'line'>,
  isPictureLive: boolean,
): Holding {
  if (!includesLevel(view.level, 'control')) return { holder: 'customer', because: 'not-granted' }
  if (view.line === 'lost') return { holder: 'customer', because: 'line' }
  if (view.question) return { holder: 'customer', because: 'question' }
  if (!isPictureLive) return { holder: 'customer', because: 'picture' }
  if (view.holder === 'expert') return { holder: 'expert' }
  return { holder: 'customer', because: view.because ?? 'hands' }
}
