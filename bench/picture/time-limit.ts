/** Fails with a sentence where `doing` takes longer: a bench that hangs tells nobody why. */
export async function within<T>(seconds: number, what: string, doing: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took more than ${seconds} s.`)), seconds * 1000)
  })
  try {
    return await Promise.race([doing, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
