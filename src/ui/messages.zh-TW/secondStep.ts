import type { secondStep as english } from '../messages.en/secondStep.ts'

/** The second step of signing in, and setting it up. */
export const secondStep = {
  title: '兩步驟驗證',
  codeLead: '請輸入驗證器應用程式目前顯示的驗證碼。',
  code: '六位數驗證碼',
  submit: '繼續',
  passkeyLead: '請用您的通行金鑰確認是您本人。',
  passkey: '使用通行金鑰',
  passkeyFailed: '此通行金鑰無法使用。請再試一次，或改用其他方式。',
  recoveryTitle: '改用復原碼',
  recovery: '復原碼',
  recoveryHint: '您開啟兩步驟驗證時保存的其中一組，每組只能使用一次。',
  wrong: '驗證碼不正確或已使用過，請輸入目前顯示的驗證碼。',
  wrongRecovery: '復原碼不正確或已使用過。',
  startAgain: '改用其他帳號重新登入',
  setUpTitle: '設定驗證器應用程式',
  setUpLead: '請用驗證器應用程式掃描此圖。之後登入時，系統會要求輸入它顯示的驗證碼。',
  setUpForced: '這裡除了密碼之外，還需要兩步驟驗證。請用手機上的驗證器應用程式掃描此圖。',
  qrLabel: '供驗證器應用程式掃描的 QR 碼',
  byHand: '或在應用程式中輸入這組金鑰：',
  firstCode: '應用程式目前顯示的驗證碼',
  turnOn: '開啟',
  recoveryCodesTitle: '您的復原碼',
  recoveryCodesLead:
    '請將這些復原碼列印出來，或保存在只有您找得到的地方。手機遺失時，每組可讓您登入一次。離開此頁後不會再顯示。',
} satisfies typeof english
