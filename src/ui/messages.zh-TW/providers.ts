import type { providers as english } from '../messages.en/providers.ts'

/** Signing in at another organisation. */
export const providers = {
  or: '或',
  signInAt: (name: string) => `使用「${name}」登入`,
  problems: {
    lost: {
      title: '請重新開始',
      text: '這次登入不是在此瀏覽器開始、已逾時，或已經完成。',
    },
    denied: {
      title: '登入未完成',
      text: '登入已取消，或您的機構不允許這次登入。',
    },
    down: {
      title: '您的機構沒有回應',
      text: '目前無法連上您所屬機構的登入服務。請幾分鐘後再試，或改用其他方式登入。若持續發生，請洽所屬機構的服務台。',
    },
    unverified: {
      title: '無法信任這次登入',
      text: '您所屬機構的登入服務回覆未通過驗證，因此尚未登入。請再試一次；若再次發生，請將下方查詢編號告知資訊人員。',
    },
    'not-admitted': {
      title: '您無法以此方式登入',
      text: '您的機構並未賦予您此登入方式適用的角色。請改用其他方式登入，或洽所屬機構的服務台。',
    },
    disabled: {
      title: '此帳號已停用',
      text: '系統管理員已停用您在這裡的帳號。若您認為有誤，請與管理員聯絡。',
    },
    unknown: {
      title: '這裡沒有您的帳號',
      text: '您已在所屬機構登入，但這裡尚未建立您的資料。若您在這裡已有帳號，請先登入，再到帳號頁面連結兩者；否則請洽系統管理員。',
    },
    ambiguous: {
      title: '無法確定您的身分',
      text: '有多筆資料符合您所屬機構提供的內容。為避免看到他人的病歷，尚未讓您登入。請洽系統管理員處理。',
    },
    'has-account': {
      title: '您在這裡已有帳號',
      text: '您的資料已屬於本伺服器的一個帳號。請登入該帳號，再到帳號頁面連結所屬機構的登入方式。',
    },
    'linked-elsewhere': {
      title: '已經連結',
      text: '此登入方式已連結到這裡的另一個帳號，或您的帳號已連結同一機構的另一個登入方式。請先解除原有連結。',
    },
  },
  reference: '查詢編號',
  again: '再試一次',
  otherWays: '其他登入方式',
  toOwnPage: '前往已連結的登入方式',
  own: {
    title: '已連結的登入方式',
    lead: '連結之後，您可以用其他機構的帳號在這裡登入。',
    accountLead: '使用您在其他機構的帳號登入。',
    connect: '連結',
    disconnect: '解除連結',
    connectedAs: '連結身分',
    since: '連結時間',
    none: '尚未連結',
    linked: '已完成連結，之後兩種方式都可以登入。',
    unlinked: '已解除連結。',
    lastWay: '這是您唯一的登入方式，無法解除連結。',
    expired: '此頁面已逾時，請再試一次。',
  },
  confirm: {
    title: (name: string) => `連結「${name}」`,
    lead: (name: string) =>
      `接下來請到「${name}」登入。之後，能以該帳號在那裡登入的人，也能登入您在這裡的帳號。`,
    go: (name: string) => `前往「${name}」`,
    stay: '取消',
  },
  activate: {
    title: '輸入啟用碼',
    lead: (name: string, label: string) =>
      `您已使用「${name}」以「${label}」登入。若要連結您的病歷，請輸入您在本機構取得的啟用碼。`,
    noMatch: '找不到可以確定屬於您的病歷。',
    code: '啟用碼',
    codeHint: '十六個英文字母與數字，例如 K7QF-2M9X-4TBD-W8HN',
    birthDate: '您的出生日期',
    submit: '連結',
    wrong:
      '啟用碼與出生日期不符，或啟用碼已失效，請確認後再試。出生日期輸入錯誤五次後啟用碼即失效，請重新索取。',
    missing: '請輸入啟用碼與出生日期。',
    slowDown: (seconds: number) => `嘗試次數過多，請等候 ${seconds} 秒後再試。`,
    expired: '此頁面已逾時，請再試一次。',
    changed: '這段期間已有其他人使用此瀏覽器登入。若下方顯示的是您本人，再請繼續。',
    leave: '取消',
  },
  signedOut: {
    lead: (name: string) => `您在「${name}」仍為登入狀態。若使用共用電腦，請一併在該處登出。`,
    submit: (name: string) => `在「${name}」登出`,
  },
} satisfies typeof english
