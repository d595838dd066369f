/** What a bench found. */
export interface BenchResult {
  readonly figures: Readonly<Record<string, number>>
  /** Every target missed, as a sentence; empty when all were met. */
  readonly fallsShort: readonly string[]
}
