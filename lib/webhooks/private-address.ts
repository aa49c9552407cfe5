import { BlockList, isIP } from "node:net";

/** Networks that are not the public internet: https://www.iana.org/assignments/iana-ipv4-special-registry and its like. */
const privateNetworks: readonly string[] = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  // A public number that is the host's own metadata service at one provider of clouds.
  "168.63.129.16/32",
];
/** Of IPv6 only 2000::/3 is public, and these parts of it are not, or hide an IPv4 address. */
const privateParts: readonly string[] = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

const blocked = listOf([...privateNetworks, ...privateParts]);
const publicV6 = listOf(["2000::/3"]);

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix = ""] = network.split("/");
    list.addSubnet(address, Number(prefix), address.includes(":") ? "ipv6" : "ipv4");
  }
  return list;
}

/** True unless the text is an address of the public internet: private, loopback, link-local, metadata, reserved. */
export function isPrivateAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return blocked.check(address, "ipv4");
    case 6:
      // An IPv4 address in IPv6 clothes (::ffff:…, 64:ff9b::…) is outside 2000::/3.
      return !publicV6.check(address, "ipv6") || blocked.check(address, "ipv6");
    default:
      return true;
  }
}
