import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { z } from "zod";

/** 32 MiB and about a fifth of a second a hash: one of the equivalent settings that OWASP names for scrypt. */
const cost = { N: 2 ** 15, r: 8, p: 3 };
const keyLength = 32;
const saltLength = 16;
const storedHash = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/;

/** Hashes a password as `scrypt$N$r$p$salt$key`, so that later hashes may cost more. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltLength);
  const key = await derive(password, salt, cost);
  return [
    "scrypt",
    cost.N,
    cost.r,
    cost.p,
    salt.toString("base64url"),
    key.toString("base64url"),
  ].join("$");
}

/** True when the password is the hashed one. The same work is done when there is no hash, so time tells nothing. */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const match = hash === null ? null : storedHash.exec(hash);
  if (match === null) {
    await derive(password, Buffer.alloc(saltLength), cost);
    return false;
  }
  const [, N, r, p, salt, key] = z
    .tuple([
      z.string(),
      z.coerce.number(),
      z.coerce.number(),
      z.coerce.number(),
      z.string(),
      z.string(),
    ])
    .parse([...match]);
  const expected = Buffer.from(key, "base64url");
  const actual = await derive(password, Buffer.from(salt, "base64url"), { N, r, p });
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/** A password for people to type once: 20 letters and digits without look-alikes, 115 bits. */
export function randomPassword(): string {
  const alphabet = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  const letters: string[] = [];
  while (letters.length < 20) {
    // Bytes beyond a multiple of the alphabet's length are drawn again, so that all letters are equally likely.
    for (const byte of randomBytes(32)) {
      if (byte < 256 - (256 % alphabet.length) && letters.length < 20)
        letters.push(alphabet.charAt(byte % alphabet.length));
    }
  }
  return letters.join("");
}

function derive(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  const limits = { ...options, maxmem: 128 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, keyLength, limits, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
