import Link from "next/link";
import { Page } from "#components/ui/page.tsx";

export default function NotFound() {
  return (
    <main>
      <Page title="Not found" lede="There is nothing at this address.">
        <p>
          <Link href="/">Go to the overview</Link>
        </p>
      </Page>
    </main>
  );
}
