import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits in base64url: a cookie, a reattach token, the recorder's token. */
export const makeToken = () => randomBytes(32).toString('base64url')

/** 128 random bits in base64url. */
export const makeSessionId = () => randomBytes(16).toString('base64url')

/** What is kept of a token: who reads the database or memory dump of it can't use it. */
export const hashOfToken = (token: string) => createHash('sha256').update(token).digest('base64url')

/** Compares in a time that tells nothing about where they differ. */
export function tokenFits(token: string, hash: string): boolean {
  const [given, wanted] = [Buffer.from(hashOfToken(token)), Buffer.from(hash)]
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
