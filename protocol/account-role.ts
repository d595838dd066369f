/** What an account is for. Whoever may open recordings helps nobody, and whoever helps opens none [R7]. */
export const ACCOUNT_ROLES = ['expert', 'auditor'] as const
export type AccountRole = (typeof ACCOUNT_ROLES)[number]
