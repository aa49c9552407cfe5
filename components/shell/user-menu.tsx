import { Button, Menu, SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { signOut } from "next-auth/react";
import type { Me } from "#lib/http/shapes/common.ts";

const schemes = [
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
  { value: "auto", label: "System" },
];

export function UserMenu({ user }: { user: Me }) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = async () => {
    await signOut({ redirect: false });
    queryClient.clear();
    router.replace("/sign-in");
  };
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button variant="subtle" color="gray" size="compact-sm">
          {user.displayName}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          Signed in as {user.name}, {user.role}
        </Menu.Label>
        <Menu.Label>Colours</Menu.Label>
        <SegmentedControl
          fullWidth
          size="xs"
          mx="xs"
          mb="xs"
          data={schemes}
          value={colorScheme}
          onChange={(value) =>
            setColorScheme(value === "light" || value === "dark" ? value : "auto")
          }
          aria-label="Colours"
        />
        <Menu.Divider />
        <Menu.Item
          onClick={() => {
            void leave();
          }}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
