/** What the service says about one opening; shown above the player. */
export interface OpeningFacts {
  readonly expertName: string
  readonly expertTeam: string
  readonly caseNumber: string
  readonly reason: string
  readonly requestedBy: string
  readonly approvedBy: string
}
