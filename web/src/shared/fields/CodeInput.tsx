import { Cascader } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCodeTree } from "@/api/queries";
import type { CodeNode } from "@/api/types";
import { codePath, nameOf } from "./codes";

type Option = { value: string; label: string; children?: Option[] };

function toOptions(nodes: CodeNode[], language: string): Option[] {
  return nodes.map((node) => ({
    value: node.code,
    label: nameOf(node, language),
    children: node.children?.length ? toOptions(node.children, language) : undefined,
  }));
}

type Common = { type: "region" | "industry"; id?: string; autoFocus?: boolean; disabled?: boolean };
type Props = Common &
  (
    | { multiple?: false; value?: string | null; onChange?: (value: string | null) => void }
    | { multiple: true; value?: string[]; onChange?: (value: string[]) => void }
  );

/** Chooses a division of the country or an industry; any level is a valid answer. */
export function CodeInput(props: Props) {
  const { t, i18n } = useTranslation("app");
  const tree = useCodeTree(props.type === "region" ? "divisions" : "industries");
  const options = useMemo(
    () => toOptions(tree.data ?? [], i18n.language),
    [tree.data, i18n.language],
  );
  const pathOf = (code: string) => {
    const path = codePath(tree.data ?? [], code).map((node) => node.code);
    return path.length > 0 ? path : [code];
  };
  const common = {
    id: props.id,
    options,
    autoFocus: props.autoFocus,
    disabled: props.disabled,
    loading: tree.isPending,
    placeholder: t("app:choose"),
    changeOnSelect: true,
    allowClear: true,
    showSearch: {
      limit: 30,
      filter: (text: string, path: Option[]) => path.some((option) => option.label.includes(text)),
    },
    style: { width: "100%" },
  };
  if (props.multiple) {
    return (
      <Cascader
        {...common}
        multiple
        showCheckedStrategy={Cascader.SHOW_PARENT}
        value={(props.value ?? []).map(pathOf)}
        onChange={(next) => props.onChange?.(next.map((path) => String(path.at(-1))))}
      />
    );
  }
  return (
    <Cascader
      {...common}
      value={props.value ? pathOf(props.value) : undefined}
      onChange={(next) => props.onChange?.(next?.length ? String(next.at(-1)) : null)}
    />
  );
}
