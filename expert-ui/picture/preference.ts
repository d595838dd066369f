import { PICTURE_PREFERENCES, type PicturePreference } from '../../protocol/messages/control-channel.ts'

const KEPT_UNDER = 'lotse.picture'

/** What this expert chose last in this browser. */
export function keptPreference(): PicturePreference {
  let kept: string | null = null
  try {
    kept = localStorage.getItem(KEPT_UNDER)
  } catch {
    // A browser that keeps nothing begins with the ordinary choice each time.
  }
  return PICTURE_PREFERENCES.find((preference) => preference === kept) ?? 'sharp'
}

export function keepPreference(preference: PicturePreference): void {
  try {
    localStorage.setItem(KEPT_UNDER, preference)
  } catch {
    // See above; in this session it counts all the same.
  }
}
