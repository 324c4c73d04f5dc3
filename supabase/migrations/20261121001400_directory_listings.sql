-- What the public may see and sort by, one narrow row per visible business, and the figures in it.
-- Everything derived from a business is written by refresh_listings() alone, after it holds the
-- statistics of that business: recomputed in the same statement as the lock, the joined rows would
-- come from the older snapshot and an update would be lost.

create table directory.listings (
  business_id uuid primary key
    constraint listings_business_id_fkey references directory.businesses (id) on delete cascade,
  slug text not null,
  name text not null,
  short_description text,
  category_id uuid not null
    constraint listings_category_id_fkey references directory.categories (id) on delete restrict,
  category_ids uuid[] not null,
  tags text[] not null,
  phone text,
  website text,
  logo_url text,
  cover_image_url text,
  city text not null,
  state text not null,
  zip_code text,
  country text not null,
  longitude double precision,
  latitude double precision,
  location extensions.geography(point, 4326),
  subscription_tier text not null,
  is_verified boolean not null,
  quality_score numeric(3, 2) not null,
  avg_rating numeric(3, 2),
  review_count int not null,
  popularity real not null,
  featured_until timestamptz,
  visible_until timestamptz,
  published_at timestamptz not null,
  updated_at timestamptz not null,
  constraint listings_slug_key unique (slug)
);

comment on table directory.listings is
  'Visible businesses, as lists and searches read them. The one read policy lets everyone read '
  'every row, because a policy that looks at the row would keep searches from their indexes; so a '
  'row must hold nothing that the public may not see, and a business that is not visible has none.';
comment on column directory.listings.category_id is 'The primary category.';
comment on column directory.listings.category_ids is
  'The primary category, the further ones, and all above them: the business is in each of these.';
comment on column directory.listings.location is 'The same place as longitude and latitude.';
comment on column directory.listings.popularity is
  '0 to 1, by directory_internal.popularity(); breaks ties in searches.';
comment on column directory.listings.visible_until is
  'A suspension that lies ahead; readers leave the row out from then on, and a job removes it.';
comment on column directory.listings.featured_until is 'End of being featured.';

create function directory_internal.mercator(
  longitude double precision,
  latitude double precision
)
returns point
language sql
immutable
parallel safe
strict
security invoker
set search_path = ''
as $$
  select point(
    6378137 * radians(longitude),
    6378137 * ln(tan(pi() / 4 + radians(greatest(-85, least(85, latitude))) / 2))
  );
$$;

comment on function directory_internal.mercator(double precision, double precision) is
  'A place in the spherical Mercator plane, in metres at the equator. Parameters in degrees. Near '
  'any one place it keeps the order of distances, which lets a GiST index walk to the nearest.';

create index listings_category_id_idx on directory.listings (category_id);
create index listings_category_ids_idx on directory.listings using gin (category_ids);
create index listings_city_idx on directory.listings (lower(city), lower(state));
create index listings_name_idx on directory.listings (lower(name), business_id);
create index listings_quality_score_idx on directory.listings (quality_score, business_id);
create index listings_avg_rating_idx on directory.listings (avg_rating, business_id);
create index listings_avg_rating_best_first_idx
  on directory.listings (avg_rating desc nulls last, business_id desc);
create index listings_review_count_idx on directory.listings (review_count, business_id);
create index listings_published_at_idx on directory.listings (published_at, business_id);
create index listings_visible_until_idx on directory.listings (visible_until)
  where visible_until is not null;
create index listings_mercator_idx
  on directory.listings using gist (directory_internal.mercator(longitude, latitude));
create index businesses_suspended_until_idx on directory.businesses (suspended_until)
  where suspended_until is not null;

create view directory_internal.visible_businesses
with (security_invoker = true)
as
select businesses.*
from directory.businesses
where businesses.status in ('active', 'suspended')
  and (
    businesses.suspended_until <= now()
    or (
      businesses.status = 'active'
      and (businesses.suspended_at is null or businesses.suspended_at > now())
    )
  );

comment on view directory_internal.visible_businesses is
  'Businesses that the public may see now: the rule of the read policy, in one place for jobs and '
  'triggers.';

create function directory_internal.completeness(business directory.businesses)
returns numeric
language sql
immutable
parallel safe
security invoker
set search_path = ''
as $$
  select round(
    (
      (char_length(coalesce(business.description, '')) >= 80)::int
      + (business.short_description is not null)::int
      + (cardinality(business.tags) > 0)::int
      + (business.phone is not null)::int
      + (business.email is not null)::int
      + (business.website is not null)::int
      + (business.address_line_1 is not null)::int
      + (business.longitude is not null)::int
      + (business.business_hours <> '{}')::int
      + (business.logo_url is not null or business.gallery <> '[]')::int
    ) / 10.0,
    2
  );
$$;

comment on function directory_internal.completeness(directory.businesses) is
  'How much of the entry is filled in, 0 to 1: a tenth each for a description of 80 characters, a '
  'short one, tags, telephone, e-mail, website, address, place, hours, and a logo or pictures.';

create function directory_internal.quality_weights()
returns table (
  completeness numeric,
  verification numeric,
  rating numeric,
  volume numeric,
  prior_rating numeric,
  prior_reviews numeric,
  full_volume numeric
)
language sql
stable
parallel safe
security invoker
set search_path = ''
as $$
  select
    directory_internal.setting('quality_weight_completeness'),
    directory_internal.setting('quality_weight_verification'),
    directory_internal.setting('quality_weight_rating'),
    directory_internal.setting('quality_weight_volume'),
    directory_internal.setting('quality_prior_rating'),
    directory_internal.setting('quality_prior_reviews'),
    directory_internal.setting('quality_full_volume');
$$;

comment on function directory_internal.quality_weights() is
  'The settings of the quality score in one row.';

create function directory_internal.quality_score(
  business directory.businesses,
  review_count bigint,
  rating_total bigint,
  completeness_weight numeric,
  verification_weight numeric,
  rating_weight numeric,
  volume_weight numeric,
  prior_rating numeric,
  prior_reviews numeric,
  full_volume numeric
)
returns numeric
language sql
immutable
parallel safe
security invoker
set search_path = ''
as $$
  select round(
    5 * (
      completeness_weight * directory_internal.completeness(business)
      + verification_weight * (business.verification_status = 'verified')::int
      -- bayesian_rating(), written out: a call would be planned anew for each business
      + rating_weight
        * ((rating_total + prior_rating * prior_reviews) / (review_count + prior_reviews)) / 5
      + volume_weight * least(1, ln(1 + review_count::numeric) / ln(1 + full_volume))
    )
    / (completeness_weight + verification_weight + rating_weight + volume_weight),
    2
  );
$$;

comment on function directory_internal.quality_score(
  directory.businesses, bigint, bigint, numeric, numeric, numeric, numeric, numeric, numeric,
  numeric
) is
  'Quality of a business, 0 to 5: five times the weighted mean of (a) how complete its entry is, '
  '(b) whether it is verified, (c) its rating by bayesian_rating(), over 5, and (d) the volume of '
  'its reviews, '
  'ln(1 + reviews) / ln(1 + full volume), at most 1. Weights and priors are the settings '
  'directory.quality_*.';

create function directory_internal.popularity(
  quality_score numeric,
  avg_rating numeric,
  review_count int
)
returns real
language sql
immutable
parallel safe
security invoker
set search_path = ''
as $$
  select (
    0.35 * quality_score / 5
    + 0.25 * coalesce(avg_rating, 0) / 5
    + 0.40 * least(1, ln(1 + review_count::numeric) / ln(5001))
  )::real;
$$;

comment on function directory_internal.popularity(numeric, numeric, int) is
  'How well known and liked a business is, 0 to 1: 35 % quality score, 25 % mean stars, 40 % '
  'logarithm of the number of reviews, full at 5,000.';

create table directory_internal.documents (
  business_id uuid primary key
    constraint documents_business_id_fkey
    references directory.listings (business_id) on delete cascade,
  name_key text not null,
  document tsvector not null
);

create index documents_document_idx
  on directory_internal.documents using gin (document) with (fastupdate = off);
create index documents_name_key_idx
  on directory_internal.documents (name_key text_pattern_ops);

comment on table directory_internal.documents is
  'Search documents of the visible businesses, apart from listings so that a new rating never '
  'rewrites a vector.';
comment on column directory_internal.documents.name_key is 'The name, by search_key().';
comment on column directory_internal.documents.document is
  'Stems by weight: A name, B tags and categories, C city and state, D descriptions. Unweighted '
  'lexemes k#<category id> for each category of the business and all above it.';

create table directory_internal.vocabulary (
  id int generated always as identity primary key,
  word text not null,
  lexeme text,
  frequency int not null default 1,
  title_frequency int not null default 0,
  constraint vocabulary_word_key unique (word),
  constraint vocabulary_word_check check (char_length(word) between 1 and 255),
  constraint vocabulary_frequency_check check (title_frequency between 0 and frequency)
);

create index vocabulary_prefix_idx
  on directory_internal.vocabulary (word text_pattern_ops) include (lexeme, frequency);

comment on table directory_internal.vocabulary is
  'Every word of the search documents. A word that stands here is never corrected.';
comment on column directory_internal.vocabulary.lexeme is 'Its stem; null for a stop word.';
comment on column directory_internal.vocabulary.frequency is
  'Documents with the word as of the last nightly count; 1 for a word that came since.';
comment on column directory_internal.vocabulary.title_frequency is
  'Of these, documents with the word in name, tags, categories or place.';

create index vocabulary_lexeme_idx on directory_internal.vocabulary (lexeme);

create table directory_internal.vocabulary_deletes (
  piece text not null,
  word_id int not null
    constraint vocabulary_deletes_word_id_fkey
    references directory_internal.vocabulary (id) on delete cascade,
  primary key (piece, word_id)
);

create index vocabulary_deletes_word_id_idx on directory_internal.vocabulary_deletes (word_id);

comment on table directory_internal.vocabulary_deletes is
  'What is left of each word when up to two letters are taken out: a typo and the word it was '
  'meant to be share a piece (symmetric delete, after SymSpell by W. Garbe).';

create text search configuration directory_internal.custom_search (copy = pg_catalog.english);
alter text search configuration directory_internal.custom_search
  alter mapping for asciiword, asciihword, hword_asciipart, word, hword, hword_part
  with extensions.unaccent, pg_catalog.english_stem;

comment on text search configuration directory_internal.custom_search is
  'English stems over words without accents.';

create function directory_internal.document_texts(business_ids uuid[] default null)
returns table (
  business_id uuid,
  name_key text,
  about_key text,
  place_key text,
  body_key text,
  all_words text,
  category_lexemes text[]
)
language sql
stable
parallel safe
security invoker
set search_path = ''
as $$
  select
    keys.*,
    concat_ws(' ', keys.name_key, keys.about_key, keys.place_key, keys.body_key),
    categories.lexemes
  from directory.listings
  join directory.businesses on businesses.id = listings.business_id
  cross join lateral (
    select
      string_agg(categories.name, ' ' order by categories.id) as names,
      array_agg('k#' || categories.id::text) as lexemes
    from directory.categories
    where categories.id = any (listings.category_ids)
  ) as categories
  cross join lateral (
    select
      businesses.id,
      directory_internal.search_key(businesses.name),
      directory_internal.search_key(
        concat_ws(' ', array_to_string(businesses.tags, ' '), categories.names)
      ),
      directory_internal.search_key(concat_ws(' ', businesses.city, businesses.state)),
      directory_internal.search_key(
        concat_ws(' ', businesses.short_description, businesses.description)
      )
  ) as keys (business_id, name_key, about_key, place_key, body_key)
  where document_texts.business_ids is null
    or listings.business_id = any (document_texts.business_ids);
$$;

comment on function directory_internal.document_texts(uuid[]) is
  'What the search document of each visible business is made of: name; tags and the names of its '
  'categories and all above them; city and state; descriptions; all of these; and a lexeme for '
  'each category. Texts by search_key(). Parameter: the businesses, or null for all.';

create function directory_internal.pieces(word text)
returns text[]
language plpgsql
immutable
parallel safe
security invoker
set search_path = ''
as $$
declare
  head constant text := left(pieces.word, 9);
  once text[];
begin
  if char_length(pieces.word) not between 3 and 22 or pieces.word ~ '[0-9]' then
    return array[]::text[];
  end if;
  select array_agg(distinct overlay(head placing '' from place for 1)) into once
  from generate_series(1, char_length(head)) as place;

  if char_length(pieces.word) < 6 then
    return array(select distinct piece from unnest(head || once) as piece);
  end if;
  return array(
    select head
    union
    select unnest(once)
    union
    select overlay(shorter placing '' from place for 1)
    from unnest(once) as shorter
    cross join lateral generate_series(1, char_length(shorter)) as place
  );
end;
$$;

comment on function directory_internal.pieces(text) is
  'The first nine letters of a word, whole and with one letter taken out, from six letters on also '
  'with two. Empty for words with digits, shorter than 3 or longer than 22 letters.';

create function directory_internal.learn_words(words text[])
returns void
language sql
volatile
security invoker
set search_path = ''
as $$
  -- sorted, so that two writers who bring the same new words never wait for each other crosswise
  with new_words as (
    insert into directory_internal.vocabulary (word, lexeme)
    select
      new_word,
      (tsvector_to_array(to_tsvector('directory_internal.custom_search', new_word)))[1]
    from unnest(words) as new_word
    where char_length(new_word) between 1 and 255
      and not exists (
        select 1
        from directory_internal.vocabulary
        where vocabulary.word = new_word and vocabulary.frequency > 0
      )
    group by new_word
    order by new_word
    on conflict on constraint vocabulary_word_key do update set frequency = 1
    where vocabulary.frequency = 0
    returning id, word
  )
  insert into directory_internal.vocabulary_deletes (piece, word_id)
  select piece, new_words.id
  from new_words
  cross join lateral unnest(directory_internal.pieces(new_words.word)) as piece
  order by piece, new_words.id
  on conflict on constraint vocabulary_deletes_pkey do nothing;
$$;

comment on function directory_internal.learn_words(text[]) is
  'Enters words that the vocabulary does not hold yet.';

-- Definer: owners and reviewers cause what they may not write themselves. Takes its locks in the
-- order of the house: category tree, statistics by id, listings, documents, vocabulary.
create function directory_internal.refresh_listings(
  business_ids uuid[],
  text_changed boolean default true
)
returns void
language plpgsql
volatile
security definer
set search_path = ''
-- planning anew for each write costs more than the work, and no array of ids has a better plan
set plan_cache_mode = 'force_generic_plan'
as $$
declare
  ids constant uuid[] := array(select distinct id from unnest(business_ids) as id order by id);
  new_words text[];
begin
  if cardinality(ids) = 0 then
    return;
  end if;
  perform directory_internal.lock_category_tree(alone => false);

  insert into directory.business_stats (business_id)
  select businesses.id
  from directory.businesses
  where businesses.id = any (ids)
  order by businesses.id
  on conflict on constraint business_stats_pkey do nothing;

  perform 1
  from directory.business_stats
  where business_stats.business_id = any (ids)
  order by business_stats.business_id
  for no key update;

  update directory.business_stats
  set
    review_count = facts.review_count,
    rating_total = facts.rating_total,
    rating_counts = facts.rating_counts,
    bayesian_rating = facts.bayesian_rating,
    quality_score = facts.quality_score,
    last_activity_at = now()
  from (
    select
      businesses.id,
      coalesce(reviews.review_count, 0) as review_count,
      coalesce(reviews.rating_total, 0) as rating_total,
      coalesce(reviews.rating_counts, '{0,0,0,0,0}') as rating_counts,
      round(
        directory_internal.bayesian_rating(
          reviews.review_count, reviews.rating_total, weights.prior_rating, weights.prior_reviews
        ),
        2
      ) as bayesian_rating,
      directory_internal.quality_score(
        businesses, coalesce(reviews.review_count, 0), coalesce(reviews.rating_total, 0),
        weights.completeness, weights.verification, weights.rating, weights.volume,
        weights.prior_rating, weights.prior_reviews, weights.full_volume
      ) as quality_score
    from directory.businesses
    cross join directory_internal.quality_weights() as weights
    left join (
      -- asked for by id in here, or all reviews would be counted
      select counted_reviews.*
      from directory_internal.counted_reviews
      where counted_reviews.business_id = any (ids)
    ) as reviews on reviews.business_id = businesses.id
    where businesses.id = any (ids)
  ) as facts
  where business_stats.business_id = facts.id
    and (
      business_stats.rating_counts, business_stats.bayesian_rating, business_stats.quality_score
    ) is distinct from (facts.rating_counts, facts.bayesian_rating, facts.quality_score);

  delete from directory.listings
  where listings.business_id = any (ids)
    and not exists (
      select 1
      from directory_internal.visible_businesses
      where visible_businesses.id = listings.business_id
    );

  insert into directory.listings (
    business_id, slug, name, short_description, category_id, category_ids, tags, phone, website,
    logo_url, cover_image_url, city, state, zip_code, country, longitude, latitude, location,
    subscription_tier, is_verified, quality_score, avg_rating, review_count, popularity,
    featured_until, visible_until, published_at, updated_at
  )
  select
    businesses.id, businesses.slug, businesses.name,
    coalesce(businesses.short_description, left(businesses.description, 200)),
    businesses.primary_category_id, categories.path_ids, businesses.tags, businesses.phone,
    businesses.website, businesses.logo_url, businesses.cover_image_url, businesses.city,
    businesses.state,
    businesses.zip_code, businesses.country, businesses.longitude, businesses.latitude,
    businesses.location, businesses.subscription_tier,
    businesses.verification_status = 'verified', business_stats.quality_score,
    business_stats.avg_rating, business_stats.review_count,
    directory_internal.popularity(
      business_stats.quality_score, business_stats.avg_rating, business_stats.review_count
    ),
    businesses.featured_until,
    case when businesses.suspended_at > now() then businesses.suspended_at end,
    businesses.published_at, businesses.updated_at
  from directory_internal.visible_businesses as businesses
  join directory.business_stats on business_stats.business_id = businesses.id
  cross join lateral (
    select array_agg(distinct above.id order by above.id) as path_ids
    from directory.categories as own
    cross join lateral unnest(own.path) as above (id)
    where own.id = businesses.primary_category_id
      or own.id in (
        select business_categories.category_id
        from directory.business_categories
        where business_categories.business_id = businesses.id
      )
  ) as categories
  where businesses.id = any (ids)
  order by businesses.id
  on conflict on constraint listings_pkey do update
  set
    slug = excluded.slug, name = excluded.name, short_description = excluded.short_description,
    category_id = excluded.category_id, category_ids = excluded.category_ids,
    tags = excluded.tags, phone = excluded.phone, website = excluded.website,
    logo_url = excluded.logo_url,
    cover_image_url = excluded.cover_image_url, city = excluded.city, state = excluded.state,
    zip_code = excluded.zip_code, country = excluded.country, longitude = excluded.longitude,
    latitude = excluded.latitude, location = excluded.location,
    subscription_tier = excluded.subscription_tier, is_verified = excluded.is_verified,
    quality_score = excluded.quality_score, avg_rating = excluded.avg_rating,
    review_count = excluded.review_count, popularity = excluded.popularity,
    featured_until = excluded.featured_until, visible_until = excluded.visible_until,
    published_at = excluded.published_at, updated_at = excluded.updated_at
  where listings.* is distinct from excluded.*;

  with texts as materialized (
    select document_texts.*
    from directory_internal.document_texts(ids)
    where text_changed
      or not exists (
        select 1
        from directory_internal.documents
        where documents.business_id = document_texts.business_id
      )
  ),
  written as (
    insert into directory_internal.documents (business_id, name_key, document)
    select
      texts.business_id,
      texts.name_key,
      setweight(to_tsvector('directory_internal.custom_search', texts.name_key), 'A')
      || setweight(to_tsvector('directory_internal.custom_search', texts.about_key), 'B')
      || setweight(to_tsvector('directory_internal.custom_search', texts.place_key), 'C')
      || setweight(to_tsvector('directory_internal.custom_search', texts.body_key), 'D')
      || array_to_tsvector(texts.category_lexemes)
    from texts
    order by texts.business_id
    on conflict on constraint documents_pkey do update
    set name_key = excluded.name_key, document = excluded.document
    where (documents.name_key, documents.document)
      is distinct from (excluded.name_key, excluded.document)
    returning business_id
  )
  select array_agg(distinct word) into new_words
  from texts
  join written on written.business_id = texts.business_id
  cross join lateral regexp_split_to_table(texts.all_words, ' ') as word;

  if new_words is not null then
    perform directory_internal.learn_words(new_words);
  end if;
end;
$$;

comment on function directory_internal.refresh_listings(uuid[], boolean) is
  'Brings statistics, listings, search documents and vocabulary of the businesses up to date. '
  'Parameters: their ids, and whether their text may have changed (a new rating changes none).';

create function directory_internal.tidy_listings()
returns int
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  ended int;
  begun int;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('directory.tidy_listings', 0)) then
    return 0;
  end if;

  -- what readers decide by the clock is written down, and the triggers bring the listings along
  update directory.businesses
  set status = 'active', suspended_at = null, suspended_until = null
  where businesses.status in ('active', 'suspended') and businesses.suspended_until <= now();
  get diagnostics ended = row_count;

  update directory.businesses
  set status = 'suspended'
  where businesses.status = 'active' and businesses.suspended_at <= now();
  get diagnostics begun = row_count;
  return ended + begun;
end;
$$;

comment on function directory_internal.tidy_listings() is
  'Ends suspensions whose time is over and begins those whose time has come. Returns how many. '
  'Scheduled each minute.';

create function directory_internal.recount_vocabulary()
returns int
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  changed int;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('directory.recount_vocabulary', 0)) then
    return 0;
  end if;

  with counted as materialized (
    select
      words.word,
      count(distinct texts.business_id)::int as frequency,
      count(distinct texts.business_id) filter (where words.is_title)::int as title_frequency
    from directory_internal.document_texts() as texts
    cross join lateral (
      select word, true as is_title
      from regexp_split_to_table(
        concat_ws(' ', texts.name_key, texts.about_key, texts.place_key), ' '
      ) as word
      union all
      select word, false
      from regexp_split_to_table(texts.body_key, ' ') as word
    ) as words
    group by words.word
  ),
  recounted as (
    select
      known.id,
      coalesce(counted.frequency, 0) as frequency,
      coalesce(counted.title_frequency, 0) as title_frequency
    from directory_internal.vocabulary as known
    left join counted on counted.word = known.word
    where known.frequency = 0
      or (known.frequency, known.title_frequency)
        is distinct from (coalesce(counted.frequency, 0), coalesce(counted.title_frequency, 0))
  ),
  -- words that a writer holds are left to the next night: a writer never waits for this crosswise
  held as (
    select vocabulary.id, vocabulary.frequency as known_frequency
    from directory_internal.vocabulary
    where vocabulary.id in (select recounted.id from recounted)
    order by vocabulary.word
    for update skip locked
  ),
  -- what stood nowhere at the last count and still stands nowhere
  forgotten as (
    delete from directory_internal.vocabulary
    using held, recounted
    where vocabulary.id = held.id
      and recounted.id = held.id
      and held.known_frequency = 0
      and recounted.frequency = 0
    returning 1
  ),
  written as (
    update directory_internal.vocabulary
    set frequency = recounted.frequency, title_frequency = recounted.title_frequency
    from held
    join recounted on recounted.id = held.id
    where vocabulary.id = held.id
      and not (held.known_frequency = 0 and recounted.frequency = 0)
    returning 1
  )
  select (select count(*) from written) + (select count(*) from forgotten) into changed;
  return changed;
end;
$$;

comment on function directory_internal.recount_vocabulary() is
  'Counts in how many documents each word stands. A word that stands in none gets frequency 0, '
  'which keeps it from being proposed but not from being known, and goes with the next count '
  'unless it comes back. Returns how many rows changed; 0 while another count runs. Scheduled '
  'each night.';

create function directory_internal.recount_category_businesses()
returns int
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  repaired int;
begin
  perform directory_internal.lock_category_tree(alone => true);

  with parts as (
    select category.id as category_id, 1 as businesses
    from directory.listings
    cross join lateral unnest(listings.category_ids) as category (id)
    union all
    select category_count_deltas.category_id, -category_count_deltas.delta
    from directory_internal.category_count_deltas
  ),
  counted as (
    select categories.id, coalesce(sum(parts.businesses), 0)::int as businesses
    from directory.categories
    left join parts on parts.category_id = categories.id
    group by categories.id
  )
  update directory.categories
  set business_count = counted.businesses
  from counted
  where categories.id = counted.id and categories.business_count <> counted.businesses;
  get diagnostics repaired = row_count;
  return repaired;
end;
$$;

comment on function directory_internal.recount_category_businesses() is
  'Sets business_count of every category from the listings, less what is still pending. Returns '
  'how many were wrong: 0 unless somebody wrote past the triggers.';

create function directory_internal.businesses_changed()
returns trigger
language plpgsql
volatile
security definer -- the writer may not call refresh_listings() itself
set search_path = ''
as $$
begin
  perform directory_internal.refresh_listings(array(select id from changed_rows));
  return null;
end;
$$;

comment on function directory_internal.businesses_changed() is
  'Trigger function, after statement: refreshes the listings of the businesses written.';

create function directory_internal.business_categories_changed()
returns trigger
language plpgsql
volatile
security definer -- the writer may not call refresh_listings() itself
set search_path = ''
as $$
begin
  perform directory_internal.refresh_listings(array(select business_id from changed_rows));
  return null;
end;
$$;

comment on function directory_internal.business_categories_changed() is
  'Trigger function, after statement: refreshes the documents of businesses whose further '
  'categories changed.';

create function directory_internal.reviews_changed()
returns trigger
language plpgsql
volatile
security definer -- the writer may not call refresh_listings() itself
set search_path = ''
as $$
begin
  -- only what the public sees counts: a pending review, or a word that changed, touches no figure
  if tg_op = 'UPDATE' then
    perform directory_internal.refresh_listings(
      array(
        with counted_before as (
          select id, business_id, rating
          from old_rows
          where status = 'published' and deleted_at is null
        ),
        counted_now as (
          select id, business_id, rating
          from changed_rows
          where status = 'published' and deleted_at is null
        )
        select business_id from (table counted_before except table counted_now) as lost
        union
        select business_id from (table counted_now except table counted_before) as won
      ),
      text_changed => false
    );
  else
    perform directory_internal.refresh_listings(
      array(
        select business_id from changed_rows where status = 'published' and deleted_at is null
      ),
      text_changed => false
    );
  end if;
  return null;
end;
$$;

comment on function directory_internal.reviews_changed() is
  'Trigger function, after statement: refreshes the figures of businesses whose published reviews '
  'came, went or got another rating.';

create function directory_internal.categories_changed()
returns trigger
language plpgsql
volatile
security definer -- the writer may not call refresh_listings() itself
set search_path = ''
as $$
declare
  changed uuid[];
begin
  select array_agg(changed_rows.id) into changed
  from changed_rows
  join old_rows on old_rows.id = changed_rows.id
  where (changed_rows.name, changed_rows.path) is distinct from (old_rows.name, old_rows.path);

  if changed is not null then
    perform directory_internal.refresh_listings(
      array(
        select businesses.id
        from directory.categories
        join directory.businesses on businesses.primary_category_id = categories.id
        where categories.path && changed
        union
        select business_categories.business_id
        from directory.categories
        join directory.business_categories
          on business_categories.category_id = categories.id
        where categories.path && changed
      )
    );
  end if;
  return null;
end;
$$;

comment on function directory_internal.categories_changed() is
  'Trigger function, after statement: rewrites the documents below a category that was renamed or '
  'moved.';

create function directory_internal.listings_changed()
returns trigger
language plpgsql
volatile
security definer -- the writer has no right on the deltas
set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    insert into directory_internal.category_count_deltas (category_id, delta)
    select category.id, count(*)::int
    from changed_rows
    cross join lateral unnest(changed_rows.category_ids) as category (id)
    group by category.id
    order by category.id;
  elsif tg_op = 'DELETE' then
    insert into directory_internal.category_count_deltas (category_id, delta)
    select category.id, -count(*)::int
    from changed_rows
    cross join lateral unnest(changed_rows.category_ids) as category (id)
    group by category.id
    order by category.id;
  else
    insert into directory_internal.category_count_deltas (category_id, delta)
    select moved.category_id, sum(moved.delta)::int
    from (
      select category.id as category_id, 1 as delta
      from changed_rows
      cross join lateral unnest(changed_rows.category_ids) as category (id)
      union all
      select category.id, -1
      from old_rows
      cross join lateral unnest(old_rows.category_ids) as category (id)
    ) as moved
    -- a category that is being deleted has no count any more
    join directory.categories on categories.id = moved.category_id
    group by moved.category_id
    having sum(moved.delta) <> 0
    order by moved.category_id;
  end if;
  return null;
end;
$$;

comment on function directory_internal.listings_changed() is
  'Trigger function, after statement: notes by how much the number of visible businesses of each '
  'category changed.';

create function directory_internal.lock_category_tree_shared()
returns trigger
language plpgsql
volatile
security definer -- the writer may not call the lock function itself
set search_path = ''
as $$
begin
  perform directory_internal.lock_category_tree(alone => false);
  return null;
end;
$$;

comment on function directory_internal.lock_category_tree_shared() is
  'Trigger function, before statement: takes the category tree before the statement holds a row, '
  'as refresh_listings() will need it; taken after, it could meet a writer of the tree who waits '
  'for that row.';

create trigger businesses_lock_tree
  before insert or update or delete on directory.businesses
  for each statement execute function directory_internal.lock_category_tree_shared();

create trigger business_categories_lock_tree
  before insert or update or delete on directory.business_categories
  for each statement execute function directory_internal.lock_category_tree_shared();

create trigger business_reviews_lock_tree
  before insert or update or delete on directory.business_reviews
  for each statement execute function directory_internal.lock_category_tree_shared();

create trigger businesses_refresh_insert
  after insert on directory.businesses
  referencing new table as changed_rows
  for each statement execute function directory_internal.businesses_changed();

create trigger businesses_refresh_update
  after update on directory.businesses
  referencing new table as changed_rows
  for each statement execute function directory_internal.businesses_changed();

create trigger business_categories_refresh_insert
  after insert on directory.business_categories
  referencing new table as changed_rows
  for each statement execute function directory_internal.business_categories_changed();

create trigger business_categories_refresh_delete
  after delete on directory.business_categories
  referencing old table as changed_rows
  for each statement execute function directory_internal.business_categories_changed();

create trigger business_reviews_refresh_insert
  after insert on directory.business_reviews
  referencing new table as changed_rows
  for each statement execute function directory_internal.reviews_changed();

create trigger business_reviews_refresh_update
  after update on directory.business_reviews
  referencing old table as old_rows new table as changed_rows
  for each statement execute function directory_internal.reviews_changed();

create trigger business_reviews_refresh_delete
  after delete on directory.business_reviews
  referencing old table as changed_rows
  for each statement execute function directory_internal.reviews_changed();

create trigger categories_refresh
  after update on directory.categories
  referencing old table as old_rows new table as changed_rows
  for each statement execute function directory_internal.categories_changed();

create trigger listings_count_insert
  after insert on directory.listings
  referencing new table as changed_rows
  for each statement execute function directory_internal.listings_changed();

create trigger listings_count_update
  after update on directory.listings
  referencing old table as old_rows new table as changed_rows
  for each statement execute function directory_internal.listings_changed();

create trigger listings_count_delete
  after delete on directory.listings
  referencing old table as changed_rows
  for each statement execute function directory_internal.listings_changed();

select ops.define_setting('directory.quality_weight_completeness', '0.35',
  'Weight of a complete entry in the quality score. Like all weights it acts on a business when '
  'it is next written; directory_internal.refresh_listings(array(select id from '
  'directory.businesses), false) recomputes all.', 0, 1);
select ops.define_setting('directory.quality_weight_verification', '0.15',
  'Weight of being verified in the quality score.', 0, 1);
select ops.define_setting('directory.quality_weight_rating', '0.35',
  'Weight of the Bayesian mean rating in the quality score.', 0.01, 1);
select ops.define_setting('directory.quality_weight_volume', '0.15',
  'Weight of the number of reviews in the quality score.', 0, 1);
select ops.define_setting('directory.quality_prior_rating', '3.5',
  'Stars that a business without reviews is taken to have.', 1, 5);
select ops.define_setting('directory.quality_prior_reviews', '5',
  'Number of reviews that the prior rating counts as.', 1, 1000);
select ops.define_setting('directory.quality_full_volume', '50',
  'Number of reviews from which more add nothing to the quality score.', 1, 100000);

alter table directory.listings enable row level security;
alter table directory_internal.documents enable row level security;
alter table directory_internal.vocabulary enable row level security;
alter table directory_internal.vocabulary_deletes enable row level security;

create policy listings_select_all on directory.listings
  for select
  to anon, authenticated
  using (true);

create policy documents_select_all on directory_internal.documents
  for select
  to anon, authenticated
  using (true);

create policy vocabulary_select_all on directory_internal.vocabulary
  for select
  to anon, authenticated
  using (true);

create policy vocabulary_deletes_select_all on directory_internal.vocabulary_deletes
  for select
  to anon, authenticated
  using (true);

grant select on directory.listings to anon, authenticated, service_role;
grant select
  on directory_internal.documents, directory_internal.vocabulary,
    directory_internal.vocabulary_deletes
  to anon, authenticated, service_role;
grant execute on function
  directory_internal.mercator(double precision, double precision),
  directory_internal.pieces(text)
  to anon, authenticated, service_role;
