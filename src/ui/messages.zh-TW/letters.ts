import type { letters as english } from '../messages.en/letters.ts'

/** Letters to people, as plain text. */
export const letters = {
  resetSubject: '重設您的 Chartkey 密碼',
  reset: (name: string, username: string, link: string, minutes: number) => `${name}，您好：

有人為您的帳號「${username}」申請重設密碼。如果是您本人，請在 ${minutes} 分鐘內開啟以下連結：

${link}

如果不是您，無需採取任何動作，您的密碼不會變更。
`,
  addressSubject: '請確認您的電子郵件',
  address: (name: string, username: string, link: string, minutes: number) => `${name}，您好：

帳號「${username}」登記了此電子郵件。如果是您本人，請在 ${minutes} 分鐘內，於登入狀態下開啟以下連結：

${link}

如果不是您，無需採取任何動作。
`,
  noticeSubject: '您的帳號有變更',
  notice: (name: string, username: string, change: string, moment: string, page: string) => `${name}，您好：

${change}

帳號：${username}
時間：${moment}

如果是您本人，無需採取任何動作。如果不是，請立即變更密碼，並通知系統管理員：

${page}
`,
  changes: {
    'password-changed': '您的密碼已變更。',
    'password-reset': '您的密碼已透過我們寄出的連結重新設定。',
    'second-factor-added': '您的帳號已設定驗證器應用程式。',
    'second-factor-removed': '您的帳號已關閉驗證器應用程式。',
    'recovery-codes-made': '您的帳號已產生新的復原碼。',
    'recovery-code-used': '有一組復原碼被用來登入您的帳號。',
    'passkey-added': '您的帳號已新增通行金鑰。',
    'passkey-removed': '您的帳號已移除一組通行金鑰。',
    'email-changed': '您帳號的電子郵件已變更。',
    'identity-linked': '您的帳號已連結其他機構的登入方式。',
    'identity-unlinked': '您的帳號已解除與其他機構登入方式的連結。',
    'session-ended': '您帳號的一個登入已結束。',
  },
} satisfies typeof english
