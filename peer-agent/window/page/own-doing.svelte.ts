/** What widens the expert's sight or reach, and so must be the customer's own press [C4]. */
export type OwnDoing = 'show' | 'rest' | 'clipboard' | 'give'

const TOLD_MS = 10_000

/** Knows beside what "please press again" is to stand: the last that was pressed, for some seconds. */
export function watchIgnored(ignoredAnswers: () => number): {
  readonly told: OwnDoing | null
  press(what: OwnDoing): void
} {
  let last: OwnDoing = 'show'
  let told = $state<OwnDoing | null>(null)
  let known = ignoredAnswers()
  $effect(() => {
    const count = ignoredAnswers()
    if (count === known) return
    known = count
    told = last
    const timer = setTimeout(() => {
      told = null
    }, TOLD_MS)
    return () => clearTimeout(timer)
  })
  return {
    get told() {
      return told
    },
    press(what) {
      last = what
      told = null
    },
  }
}
