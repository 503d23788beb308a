import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { queryClient } from "@/api/queries";
import { features } from "@/app/features";
import { startTranslations } from "@/app/i18n";
import { router } from "@/app/routes";
import { useDocumentTheme } from "@/app/theme/scheme";
import { FeaturesContext } from "@/shared/features";
import "@/app/theme/base.css";

await startTranslations();

function Pages() {
  useDocumentTheme();
  return <RouterProvider router={router} />;
}

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <FeaturesContext value={features}>
          <Pages />
        </FeaturesContext>
      </QueryClientProvider>
    </StrictMode>,
  );
}
