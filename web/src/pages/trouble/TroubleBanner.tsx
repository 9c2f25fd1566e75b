/** Says which trouble is on. */
export function TroubleBanner({ troubleUrl }: { troubleUrl: string }) {
  return <div hidden>{troubleUrl}</div>;
}
