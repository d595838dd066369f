/** Where the recorder brings what its socket is too narrow for, and what must be acknowledged. */
export interface ServiceAddress {
  /** As `https://help.example.org`. */
  readonly origin: string
  readonly token: string
}

const ANSWER_WITHIN_MS = 30_000

/** Resolves once the service has taken it; rejects where it did not, or can't be reached. */
export async function postToService(
  { origin, token }: ServiceAddress,
  path: string,
  body: object | Uint8Array<ArrayBuffer>,
  heads: Readonly<Record<string, string>> = {},
): Promise<void> {
  const isBytes = body instanceof Uint8Array
  const response = await fetch(`${origin}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': isBytes ? 'application/octet-stream' : 'application/json',
      ...heads,
    },
    body: isBytes ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  })
  await response.body?.cancel()
  if (!response.ok) throw new Error(`the service answered with ${response.status}`)
}
