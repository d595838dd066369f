import { type Consent, questionEndsAtMs } from '../../protocol/consent.ts'
import type { Holding } from '../../protocol/control.ts'
import type { ExpertCard, ServicePolicy } from '../../protocol/identity.ts'
import type { PicturePermission } from '../../protocol/interlock.ts'
import type { Level } from '../../protocol/level.ts'
import type { SharingState } from '../../protocol/messages/control-channel.ts'
import type { ClipboardFacts } from '../control/clipboard-desk.ts'
import type { WatermarkContent } from '../desktop/port.ts'
import type { Screen } from '../window/view.ts'
import type { Sharing } from './sharing.ts'

/** Everything that the customer's window, the mark and the expert's page are told of a running session. */
export interface SessionFacts {
  readonly card: ExpertCard
  readonly policy: ServicePolicy
  readonly consent: Consent
  readonly askable: readonly Level[]
  readonly sharing: Sharing | undefined
  readonly permission: PicturePermission
  readonly holding: Holding
  readonly restMs: number
  readonly clipboard: ClipboardFacts
  readonly takesCtrlAltDel: boolean
  readonly recorder: string
  readonly stopKeyName: string
}

/** What the mark says: at which level the expert looks, or what matters more at this moment. */
export type MarkState = Level | 'holds' | 'hidden'

/** A question comes before everything else; null while something is being prepared and nothing can be said. */
export function sessionScreen(facts: SessionFacts): Screen | null {
  const { card, policy, consent, sharing, permission, holding, recorder, stopKeyName } = facts
  const expert = { name: card.name, team: card.team }
  if (consent.question) {
    const { operatorName, retentionDays } = policy
    return {
      t: 'question',
      subject: consent.question.subject,
      expert,
      operatorName,
      retentionDays,
      expiresAtMs: questionEndsAtMs(consent.question),
    }
  }
  if (!sharing?.hasLinked || !consent.granted) return null
  return {
    t: 'sharing',
    expert,
    level: consent.granted,
    holder: holding.holder,
    because: holding.holder === 'customer' ? holding.because : null,
    restSeconds: Math.round(facts.restMs / 1000),
    clipboard: facts.clipboard,
    recorder,
    ...(sharing.isHidden ? { picture: 'card', pictureReason: 'hidden' } : { picture: permission.state }),
    ...(!sharing.isHidden && permission.state === 'frozen' ? { pictureReason: permission.reason } : {}),
    line: sharing.line,
    sinceMs: sharing.sinceMs,
    stopKeyName,
  }
}

export function sharingState(facts: SessionFacts): Omit<SharingState, 't'> {
  const { consent, holding } = facts
  return {
    level: consent.granted,
    holder: holding.holder,
    because: holding.holder === 'customer' ? holding.because : null,
    restMs: facts.restMs,
    question: consent.question?.subject ?? null,
    askable: [...facts.askable],
    clipboard: facts.clipboard.isOn,
    ctrlAltDel: facts.takesCtrlAltDel,
    recorder: facts.recorder,
  }
}

/** @param text what stands on the mark beside the expert's name, in the customer's language */
export function markContent(facts: SessionFacts, text: (state: MarkState) => string): WatermarkContent {
  const expertHolds = facts.holding.holder === 'expert'
  const level = facts.consent.granted ?? 'view'
  const state = facts.sharing?.isHidden ? 'hidden' : expertHolds ? 'holds' : level
  return { who: expertName(facts.card), what: text(state), expertHolds }
}

/** As on the watermark and in the recording: name and, where there is one, team. */
export function expertName({ name, team }: ExpertCard): string {
  return [name, team].filter((part) => part !== '').join(' · ')
}
