import type { connectedApps as english } from '../messages.en/connectedApps.ts'

/** The page of connected apps. */
export const connectedApps = {
  title: '已連結的應用程式',
  lead: '以下應用程式持有您同意的存取權限。您可以隨時收回，收回後立即失效。',
  none: '目前沒有應用程式擁有存取權限。',
  noneHint: '當您允許應用程式查看健康資料後，就會列在這裡。',
  noRecord: '未指定病歷',
  since: (moment: string) => `允許時間：${moment}`,
  revoke: (app: string) => `收回「${app}」的權限`,
  revoked: '存取權限已收回。',
} satisfies typeof english
