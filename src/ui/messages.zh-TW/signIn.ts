import type { signIn as english } from '../messages.en/signIn.ts'

/** Signing in and out. */
export const signIn = {
  title: '登入',
  lead: '請使用您在本機構的帳號。',
  leadForApp: '有應用程式要求存取資料。請先登入，接著由您決定它能看到哪些內容。',
  username: '使用者名稱',
  password: '密碼',
  submit: '登入',
  failed: '使用者名稱與密碼不符，請確認後再試一次。',
  missing: '請輸入使用者名稱與密碼。',
  slowDown: (seconds: number) => `嘗試次數過多，請等候 ${seconds} 秒後再試。`,
  expired: '此頁面已逾時，請再試一次。',
  sandboxTitle: '測試環境帳號',
  sandboxLead: '這是測試環境，病人資料均為虛構。所有帳號的密碼相同：',
  sandboxPassword: '密碼',
  outTitle: '要登出嗎？',
  outLead: (name: string) => `您目前以「${name}」的身分登入。`,
  outSubmit: '登出',
  outStay: '保持登入',
  outDoneTitle: '您已登出',
  outDone: '您先前允許的應用程式仍可存取資料，直到您在帳號頁面取消授權。',
  outAgain: '重新登入',
  passkey: '以通行金鑰登入',
  forgotten: '忘記密碼？',
  resetDone: '新密碼已設定，請用它登入。',
  leadSecondFactor: '接下來的操作需要兩種身分證明，請以兩種方式重新登入。',
} satisfies typeof english
