import { useQuery } from "@tanstack/react-query";
import { Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Outlet, ScrollRestoration, useLocation, useNavigate } from "react-router";
import { listenToChanges } from "@/api/live";
import { keys, metaQuery, queryClient, useSession } from "@/api/queries";
import { whenSignedOut } from "@/api/request";
import type { Language } from "@/api/types";
import { changeLanguage, loadAllTranslations } from "@/app/i18n";
import { useFeatures } from "@/shared/features";
import { readAhead } from "@/shared/offline/ahead";
import { startReads, workFor } from "@/shared/offline/offline";
import { CreateProvider } from "@/shared/resource/CreateProvider";
import { DialogProvider } from "@/shared/ui/DialogProvider";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { MessageProvider } from "@/shared/ui/MessageProvider";
import { themed } from "@/shared/ui/themed";
import { useIsPhone } from "@/shared/ui/useMedia";
import { usePreference } from "@/shared/ui/usePreference";
import { BottomBar } from "./BottomBar";
import { keepShell } from "./keepShell";
import { PreviewBanner } from "./PreviewBanner";
import { ShellSkeleton } from "./ShellSkeleton";
import styles from "./shell.module.css";
import { TopBar } from "./TopBar";
import { loadWide } from "./wide";

if (import.meta.env.PROD) keepShell();

const SideNav = themed(async () => (await loadWide()).SideNav);
const Palette = themed(async () => (await import("./Palette")).Palette);

/** Every page that is opened anew has the key "default": where another was left says nothing of it. */
const scrollKey = ({ key, pathname }: { key: string; pathname: string }) =>
  key === "default" ? pathname : key;

/** The frame of every page after sign-in; its children may rely on session, meta and all translations. */
export function Shell() {
  const features = useFeatures();
  useState(() => startReads(features.flatMap((feature) => feature.offline?.paths ?? [])));
  return <SignedIn />;
}

function SignedIn() {
  const features = useFeatures();
  const { t, i18n } = useTranslation("app");
  const navigate = useNavigate();
  const session = useSession();
  // Before any other question goes out, so that its answer is kept for the right person.
  const me = session.data ?? undefined;
  const person = me && `${me.person.id} ${me.preview?.by_id ?? ""}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a renewed session of the same person changes nothing here.
  useEffect(() => (me ? workFor(me) : undefined), [person]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above.
  useEffect(() => (me && !me.preview ? readAhead(features, me) : undefined), [person]);
  const meta = useQuery({ ...metaQuery, enabled: Boolean(session.data) });
  const isPhone = useIsPhone();
  const [collapsed, setCollapsed] = usePreference("nav.collapsed", false);
  const [paletteOpen, setPaletteOpen] = useState(false);
  // Its code comes with the first search.
  const [wasSearching, setWasSearching] = useState(false);
  const [wordsFor, setWordsFor] = useState<string>();
  const signedIn = Boolean(session.data);
  const language = session.data?.person.language;

  useEffect(() => {
    if (language) changeLanguage(language);
  }, [language]);
  useEffect(() => {
    loadAllTranslations(i18n.language as Language).then(() => setWordsFor(i18n.language));
  }, [i18n.language]);
  useEffect(() => (signedIn ? listenToChanges(queryClient) : undefined), [signedIn]);
  useEffect(() => {
    whenSignedOut(() => queryClient.setQueryData(keys.session, null));
  }, []);

  // So that the first form is as quick as the second. A wide screen has it already.
  useEffect(() => {
    const timer = setTimeout(() => import("@/app/theme/ThemeProvider"), 3_000);
    return () => clearTimeout(timer);
  }, []);

  // A notification was tapped while this page was open.
  useEffect(() => {
    const go = (event: MessageEvent<{ go?: string }>) => {
      if (event.data?.go) navigate(event.data.go);
    };
    navigator.serviceWorker?.addEventListener("message", go);
    return () => navigator.serviceWorker?.removeEventListener("message", go);
  }, [navigate]);

  if (session.data === null) {
    return <ToSignIn collapsed={collapsed} />;
  }
  const failed = session.error ?? meta.error;
  if (failed && !(session.data && meta.data)) {
    return (
      <ErrorNotice
        error={failed}
        retry={() => (session.error ? session.refetch() : meta.refetch())}
      />
    );
  }
  if (!session.data || !meta.data || !wordsFor) return <ShellSkeleton collapsed={collapsed} />;
  return (
    <MessageProvider>
      <CreateProvider>
        <DialogProvider>
          <a className="skip-link" href="#main">
            {t("app:skip")}
          </a>
          <div className={styles.shell} data-collapsed={collapsed || undefined}>
            {isPhone ? null : (
              <Suspense fallback={<div className={styles.side} />}>
                <SideNav collapsed={collapsed} toggle={() => setCollapsed(!collapsed)} />
              </Suspense>
            )}
            <div className={styles.body}>
              <PreviewBanner />
              <TopBar
                openPalette={() => {
                  setWasSearching(true);
                  setPaletteOpen(true);
                }}
              />
              <main id="main" className={styles.main} tabIndex={-1}>
                <Outlet />
              </main>
            </div>
            {isPhone ? <BottomBar /> : null}
          </div>
          {wasSearching ? (
            <Suspense fallback={null}>
              <Palette open={paletteOpen} setOpen={setPaletteOpen} go={navigate} />
            </Suspense>
          ) : null}
          <ScrollRestoration getKey={scrollKey} />
        </DialogProvider>
      </CreateProvider>
    </MessageProvider>
  );
}

/** Leaves for the sign-in page once, and remembers where the person wanted to go. */
function ToSignIn({ collapsed }: { collapsed: boolean }) {
  const location = useLocation();
  const navigate = useNavigate();
  const [from] = useState(location.pathname + location.search);
  useEffect(() => {
    navigate("/sign-in", { replace: true, state: { from } });
  }, [navigate, from]);
  return <ShellSkeleton collapsed={collapsed} />;
}
