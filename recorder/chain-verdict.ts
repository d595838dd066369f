import type { ChainReport, FaultKind } from '../peer/recording/chain.ts'

/** How a recording stands, in the order of how much can be said for it. */
export type Standing = 'whole' | 'abandoned' | 'open' | 'broken'

export interface ChainVerdict {
  readonly standing: Standing
  /** For a person who never heard of hashes. */
  readonly sentence: string
}

const FAULT_SENTENCE: Record<FaultKind, (seq: number) => string> = {
  malformed: (seq) => `entry ${seq} is not readable as an entry`,
  'no-header': () => 'it does not begin with a header',
  'second-header': (seq) => `a second header stands at entry ${seq}`,
  'wrong-seq': (seq) => `entry ${seq} is missing or not in its place`,
  'broken-link': (seq) =>
    `entry ${seq} does not continue entry ${seq - 1}: one of the two was changed, or something was taken out or put in between`,
  'stray-payload': (seq) => `entry ${seq} carries bytes that do not belong there`,
  'bad-signature': (seq) => `the closing, entry ${seq}, is not signed by the agent of this session`,
  'after-end': (seq) => `entry ${seq} was added after the end`,
  'wraps-differ': () => 'the wrapped keys are not those of this recording',
}

/** @param entries how many entries were read in all */
export function chainVerdict(report: ChainReport, entries: number): ChainVerdict {
  if (!report.ok) {
    const sentence = `The chain is BROKEN: ${FAULT_SENTENCE[report.fault](report.seq)}. (${entries} entries were read.)`
    return { standing: 'broken', sentence }
  }
  switch (report.closed) {
    case 'closed':
      return {
        standing: 'whole',
        sentence:
          `The chain is whole: ${report.entries} entries, each continues the one before, ` +
          `and the agent closed and signed it. Its head is ${report.head}.`,
      }
    case 'abandoned':
      return {
        standing: 'abandoned',
        sentence:
          `The chain has no fault in ${report.entries} entries, but it was ABANDONED: the agent went without closing ` +
          'it and the recorder set the end. Whether something is missing before that end, the recording cannot show.',
      }
    case 'open':
      return {
        standing: 'open',
        sentence:
          `The chain has no fault in ${report.entries} entries, but it has NO END: ` +
          'the session is still running, or the end was cut off.',
      }
  }
}
