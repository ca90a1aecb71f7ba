// The part of the libsrtp 3 interface that mediasoup-worker calls, on top of Debian 12's libsrtp 2.
#pragma once

// Both versions have a type of this name: a structure in 2, a handle in 3. Ours takes the name.
#define srtp_policy_t srtp2_policy_t
#include <srtp2/srtp.h>
#undef srtp_policy_t

#include <openssl/crypto.h>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

// Codes that libsrtp 3 adds behind the last one of libsrtp 2.
constexpr auto srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
constexpr auto srtp_err_status_cryptex_err  = static_cast<srtp_err_status_t>(29);

struct srtp3_policy
{
  srtp2_policy_t v2;
  uint8_t key[SRTP_MAX_KEY_LEN];
};

using srtp_policy_t = srtp3_policy*;

inline srtp_err_status_t srtp_policy_create(srtp_policy_t* policy)
{
  *policy = new (std::nothrow) srtp3_policy();
  return *policy ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

inline void srtp_policy_destroy(srtp_policy_t policy)
{
  if (!policy) return;
  OPENSSL_cleanse(policy->key, sizeof policy->key);
  delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(srtp_policy_t policy, srtp_ssrc_t ssrc)
{
  policy->v2.ssrc = ssrc;
  return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(srtp_policy_t policy, srtp_profile_t profile)
{
  const auto status = srtp_crypto_policy_set_from_profile_for_rtp(&policy->v2.rtp, profile);
  if (status != srtp_err_status_ok) return status;
  return srtp_crypto_policy_set_from_profile_for_rtcp(&policy->v2.rtcp, profile);
}

// libsrtp 2 wants the salt right behind the key. The worker uses no master key identifier (MKI).
inline srtp_err_status_t srtp_policy_add_key(
  srtp_policy_t policy,
  const uint8_t* key,
  size_t keyLen,
  const uint8_t* salt,
  size_t saltLen,
  const uint8_t* /*mki*/,
  size_t mkiLen)
{
  if (mkiLen != 0 || keyLen + saltLen > sizeof policy->key) return srtp_err_status_bad_param;
  std::memcpy(policy->key, key, keyLen);
  std::memcpy(policy->key + keyLen, salt, saltLen);
  policy->v2.key = policy->key;
  return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp_policy_t policy, bool allow)
{
  policy->v2.allow_repeat_tx = allow ? 1 : 0;
  return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(srtp_policy_t policy, size_t size)
{
  policy->v2.window_size = size;
  return srtp_err_status_ok;
}

// An overload of libsrtp 2's function: the second parameter tells them apart. It copies the key.
inline srtp_err_status_t srtp_create(srtp_t* session, srtp_policy_t policy)
{
  return ::srtp_create(session, &policy->v2);
}

// The argument is passed through unchanged: both versions want it in the same byte order.
inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc)
{
  return ::srtp_remove_stream(session, ssrc);
}

namespace srtp3
{
// libsrtp 2 works in place and grows or shrinks the packet; libsrtp 3 has separate buffers.
// `growth` is the most that the function may add behind the packet.
using InPlace = srtp_err_status_t (*)(srtp_t, void*, int*);

inline srtp_err_status_t run(
  InPlace function,
  size_t growth,
  srtp_t session,
  const uint8_t* in,
  size_t inLen,
  uint8_t* out,
  size_t* outLen)
{
  if (inLen + growth > *outLen) return srtp_err_status_buffer_small;
  if (in != out) std::memmove(out, in, inLen);
  int len           = static_cast<int>(inLen);
  const auto status = function(session, out, &len);
  if (status == srtp_err_status_ok) *outLen = static_cast<size_t>(len);
  return status;
}
} // namespace srtp3

inline srtp_err_status_t srtp_protect(
  srtp_t session, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen, size_t /*mki*/)
{
  return srtp3::run(::srtp_protect, SRTP_MAX_TRAILER_LEN, session, in, inLen, out, outLen);
}

inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t session, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen, size_t /*mki*/)
{
  return srtp3::run(::srtp_protect_rtcp, SRTP_MAX_TRAILER_LEN, session, in, inLen, out, outLen);
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t session, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen)
{
  return srtp3::run(::srtp_unprotect, 0, session, in, inLen, out, outLen);
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t session, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen)
{
  return srtp3::run(::srtp_unprotect_rtcp, 0, session, in, inLen, out, outLen);
}
