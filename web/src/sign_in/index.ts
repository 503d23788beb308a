export { ForgotPassword } from "./ForgotPassword";
export { ResetPassword } from "./ResetPassword";
export { Setup } from "./Setup";
export { SignIn } from "./SignIn";
export { SignInFrame } from "./SignInFrame";
