import { createBrowserRouter } from "react-router";
import { features } from "./features";
import { NotFound, RouteError } from "./NotFound";
import { Start } from "./Start";

const page =
  (load: () => Promise<{ [name: string]: React.ComponentType }>, name: string) => async () => ({
    Component: (await load())[name],
  });

/** Pages before sign-in load without the shell; everything else lives inside it. */
export const router = createBrowserRouter([
  {
    errorElement: <RouteError />,
    // The first page's code is loading; nothing is better than a flash of something else.
    hydrateFallbackElement: <span />,
    children: [
      {
        lazy: page(() => import("@/sign_in"), "SignInFrame"),
        children: [
          { path: "/sign-in", lazy: page(() => import("@/sign_in"), "SignIn") },
          { path: "/setup", lazy: page(() => import("@/sign_in"), "Setup") },
          { path: "/forgot-password", lazy: page(() => import("@/sign_in"), "ForgotPassword") },
          { path: "/reset-password", lazy: page(() => import("@/sign_in"), "ResetPassword") },
        ],
      },
      {
        lazy: page(() => import("./shell/Shell"), "Shell"),
        errorElement: <RouteError />,
        children: [
          { index: true, element: <Start /> },
          ...features.flatMap((feature) => feature.plainRoutes ?? []),
          {
            lazy: page(() => import("./theme/ThemedPages"), "ThemedPages"),
            children: [
              { path: "/me", lazy: page(() => import("./MePage"), "MePage") },
              {
                path: "/recycle-bin",
                lazy: page(() => import("@/shared/resource/RecycleBin"), "RecycleBin"),
              },
              ...features.flatMap((feature) => feature.routes ?? []),
            ],
          },
          { path: "*", element: <NotFound /> },
        ],
      },
    ],
  },
]);
