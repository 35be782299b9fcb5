import type { connectedApps as english } from '../messages.en/connectedApps.ts'

/** The page of connected apps. */
export const connectedApps = {
  title: '已連結的應用程式',
  lead: '以下應用程式擁有您授予的存取權限。您可以隨時收回授權，收回後立即失效。',
  none: '目前沒有應用程式擁有存取權限。',
  noneHint: '當您允許應用程式查看健康資料後，就會列在這裡。',
  noRecord: '未指定病歷',
  since: (moment: string) => `授權時間：${moment}。`,
  used: (moment: string) => `最近一次使用：${moment}。`,
  unused: '尚未使用。',
  kept: '您離開時仍可存取',
  noAccess: '目前沒有存取權。',
  remembered: (moment: string) =>
    `在 ${moment} 之前，它可再次取得您允許過的權限而不再詢問您。收回權限時，這項記錄也會一併刪除。`,
  revoke: (app: string) => `收回「${app}」的授權`,
  revoked: '已收回授權。',
} satisfies typeof english
