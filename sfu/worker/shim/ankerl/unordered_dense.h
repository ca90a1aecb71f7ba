// The containers that mediasoup-worker takes from ankerl::unordered_dense, which Debian 12 does not
// have: the standard ones, slower to walk and otherwise the same.
#pragma once

#include <functional>
#include <unordered_map>
#include <unordered_set>

namespace ankerl::unordered_dense
{
template<typename Key, typename Enable = void>
struct hash : std::hash<Key>
{
};

template<
  typename Key,
  typename Value,
  typename Hash  = std::hash<Key>,
  typename Equal = std::equal_to<Key>>
using map = std::unordered_map<Key, Value, Hash, Equal>;

template<typename Key, typename Hash = std::hash<Key>, typename Equal = std::equal_to<Key>>
using set = std::unordered_set<Key, Hash, Equal>;
} // namespace ankerl::unordered_dense
