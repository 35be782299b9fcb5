import type { logout as english } from '../messages.en/logout.ts'

/** An app asks to sign its user out. */
export const logout = {
  title: '要登出嗎？',
  lead: (name: string) => `您目前以「${name}」的身分登入。`,
  leadForApp: (app: string, name: string) => `「${app}」要求將您登出。您目前以「${name}」的身分登入。`,
  submit: '登出',
  stay: '保持登入',
  back: (app: string) => `返回「${app}」`,
} satisfies typeof english
