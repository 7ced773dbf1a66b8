import { numberIn } from '../forms.ts';
import type { ChatStrings } from '../types.ts';

const number = (value: number): string => numberIn('ja', value);

export const JAPANESE: ChatStrings = {
  windowLabel: 'チャット',
  threadsHeading: '会話',
  threadsEmpty: 'まだ会話がありません',
  threadsEmptyHint: '誰かからメッセージが届くと、ここに表示されます。',
  threadsLoading: '会話を読み込んでいます',
  threadUntitled: '会話',
  noThreadChosen: '会話を選んでください',
  backToThreads: '会話の一覧に戻る',
  preview: (author, text) => `${author}: ${text}`,
  you: '自分',
  accessOpen: '全員が参加できます',
  accessMembers: 'メンバーのみ',

  messagesLabel: (title) => (title === null ? 'メッセージ' : `${title}のメッセージ`),
  messagesLoading: 'メッセージを読み込んでいます',
  messagesEmpty: 'まだメッセージがありません',
  messagesEmptyHint: '最初のメッセージを書いてみましょう。',
  loadingOlder: '以前のメッセージを読み込んでいます',
  today: '今日',
  yesterday: '昨日',
  messageLabel: (author, time) => `${author}、${time}`,
  newMessages: (count, format = number) => `新着メッセージ${format(count)}件`,
  toLatest: '最新のメッセージへ移動',

  copyCode: 'コードをコピー',
  codeCopied: 'コピーしました',
  codeLabel: (language) => (language === '' ? 'コード' : `${language}のコード`),
  tableLabel: '表',

  sending: '送信中…',
  sent: '送信済み',
  failed: '送信できませんでした',
  retry: '再送信',
  discard: '破棄',

  messageDeleted: 'このメッセージは削除されました',
  edited: '編集済み',
  editedAt: (moment) => `編集: ${moment}`,
  saving: '保存中…',
  deleting: '削除中…',
  notSaved: '変更を保存できませんでした',
  notDeleted: '削除できませんでした',
  messageActions: 'メッセージの操作',
  moreActions: 'その他の操作',
  copyText: 'テキストをコピー',
  copied: 'コピーしました',
  copyFailed: 'コピーできませんでした',
  edit: '編集',
  editAgain: 'もう一度編集',
  delete: '削除',
  deleteQuestion: 'このメッセージを削除しますか？',
  deleteHint: '全員の画面から消え、元に戻すことはできません。',
  cancel: 'キャンセル',
  editLabel: 'メッセージを編集',
  save: '保存',
  editHint: 'Enterで保存、Escでキャンセル',

  react: 'リアクション',
  reactionLabel: (emoji, names) => `${emoji} ${names}`,
  reactionNames: (names, mine, unnamed, format = number) => {
    const named = [...names, ...(mine ? ['自分'] : [])].join('、');
    if (unnamed <= 0) return named;
    return named === '' ? `${format(unnamed)}人` : `${named}、他${format(unnamed)}人`;
  },
  reactionSearch: '絵文字を検索',
  reactionsQuick: 'よく使う絵文字',
  reactionsNone: '絵文字が見つかりません',
  reactionGroups: {
    smileys: '顔',
    gestures: '人',
    hearts: 'ハート',
    nature: '自然',
    food: '食べ物と飲み物',
    activities: 'アクティビティ',
    objects: '物',
    symbols: '記号',
  },

  openPicture: (filename) => `${filename}を原寸大で開く`,
  downloadFile: (filename, size) => `${filename}（${size}）をダウンロード`,
  fileUnavailable: 'このファイルを読み込めませんでした。',

  composerLabel: (title) => (title === null ? 'メッセージ' : `${title}へのメッセージ`),
  composerPlaceholder: (title) => (title === null ? 'メッセージを入力' : `${title}へのメッセージを入力`),
  send: '送信',
  characterCount: (length, max, format = number) => `${format(length)}／${format(max)}文字`,
  tooLong: (excess, format = number) => `${format(excess)}文字超えています。短くするか、2回に分けて送ってください。`,
  writeSignedOut: '書き込むにはログインしてください。',
  writeRefused: 'ここには書き込めません。',
  writeReadonly: 'ここでは閲覧のみで、書き込みはできません。',

  openChat: 'チャットを開く',
  closeChat: 'チャットを閉じる',
  unread: (count, format = number) => `未読メッセージ${format(count)}件`,
  suggestionsLabel: '候補',

  connecting: '接続しています…',
  reconnecting: '再接続しています…',
  reconnectingIn: (seconds, format = number) => `${format(seconds)}秒後に再試行します`,
  offline: 'オフラインです。接続が戻るとメッセージが送信されます。',
  signedOut: { what: 'ログアウトしています。', remedy: '続けるにはログインしてください。' },
  connectionClosed: 'チャットに接続されていません。',
  retryNow: '再試行',

  errors: {
    unauthenticated: { what: 'ログインしていません。', remedy: '続けるにはもう一度ログインしてください。' },
    forbidden: {
      what: 'このチャットを利用する権限がありません。',
      remedy: 'アプリの管理者に権限を依頼してください。',
    },
    signed_out: { what: 'ログアウトしています。', remedy: '続けるにはログインしてください。' },
    thread_forbidden: {
      what: 'この会話を読むことはできません。',
      remedy: '会話のメンバーに追加を依頼してください。',
    },
    thread_not_found: {
      what: 'この会話は存在しません。',
      remedy: '削除されたか、アドレスが間違っている可能性があります。',
    },
    message_too_long: {
      what: 'メッセージが長すぎます。',
      remedy: '短くするか、2回に分けて送ってください。',
    },
    message_empty: { what: 'メッセージが空です。', remedy: '何か入力してください。' },
    rate_limited: {
      what: '一度に送るメッセージが多すぎます。',
      remedy: '少し待ってから、もう一度お試しください。',
    },
    connection_lost: { what: '接続が切れました。', remedy: '再接続しています。' },
    request_timeout: { what: 'サーバーからの応答がありません。', remedy: 'もう一度試しています。' },
  },
  errorFallback: '問題が発生しました。',
};
