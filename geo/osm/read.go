package osm

import (
	"context"
	"errors"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
)

// Options of Read. The zero value is fit for use.
type Options struct {
	// Tags are the tables by which tags are understood; nil: DefaultTags.
	Tags *TagRules
	// Bound keeps only ways with a segment whose box touches it; nil: all.
	// Such ways are kept whole.
	Bound *orb.Bound
	// MaxBytes is the most that one file may hold, unpacked; 0: 100 GB.
	MaxBytes int64
	// MaxRefs is the most references from ways to nodes that are kept. It
	// bounds the memory, at 30 bytes or so each; 0: 500 million.
	MaxRefs int
	// OnProgress is told of the work now and then, from the goroutine that
	// called Read.
	OnProgress func(Progress)
	// OnFile is told of each file when its first pass has ended.
	OnFile func(FileInfo)
}

// Progress tells how far Read has come.
type Progress struct {
	Pass  string // "ways", "versions", "ferries", "nodes"
	File  string
	Bytes int64 // read of the file as stored, in this pass
	Size  int64 // of the file as stored; -1: not known
	Done  bool  // this pass over this file has ended
}

// FileInfo tells what a file held.
type FileInfo struct {
	Name                    string
	Format                  Format
	Packed                  string // "gzip", "bzip2", ""
	Bytes                   int64  // as stored
	Nodes, Ways, Relations  int64
	Sorted                  bool // each kind strictly ascending by id
	RoadWays, RoadRelations int64
}

const (
	defaultMaxBytes = 100 << 30
	defaultMaxRefs  = 500_000_000
)

func (o *Options) mostBytes() int64 {
	if o.MaxBytes > 0 {
		return o.MaxBytes
	}
	return defaultMaxBytes
}

// Read reads OpenStreetMap files, PBF or XML, plain or packed with gzip or
// bzip2, and returns the roads in them. The form is found by content.
//
// Several files are merged. Where an object is there more than once, in one
// file or in several, the highest version counts, and of equal versions (or
// where none is stated) the one that is read last; a deleted one takes the
// object away. The result does not depend on the machine or on timing.
//
// A way that refers to nodes that no file holds is cut there into pieces.
//
// Errors wrap one of the sentinels of this package in a FileError that says
// where; a file without a single usable way is ErrNoRoads.
func Read(ctx context.Context, opts Options, paths ...string) (*Network, error) {
	if len(paths) == 0 {
		return nil, matter(ErrNoRoads, "no file was named")
	}
	sources := make([]source, 0, len(paths))
	for _, path := range paths {
		src, remove, err := fileSource(path, opts.mostBytes())
		if err != nil {
			return nil, err
		}
		defer remove()
		sources = append(sources, src)
	}
	return read(ctx, opts, sources)
}

// ReadFrom is Read for one file that is open already. name stands in
// messages. The file is read twice or more: an io.Seeker goes back to where
// it stood, anything else is first copied to a temporary file.
func ReadFrom(ctx context.Context, r io.Reader, name string, opts Options) (*Network, error) {
	if seeker, ok := r.(io.ReadSeeker); ok {
		if src, err := seekSource(name, seeker); err == nil {
			return read(ctx, opts, []source{src})
		}
	}
	src, remove, err := spool(name, r, opts.mostBytes())
	if err != nil {
		return nil, err
	}
	defer remove()
	return read(ctx, opts, []source{src})
}

// read is the whole import: ways and relations first, then, if the files make
// it needful, versions and ferries, then the nodes that the ways need.
func read(ctx context.Context, opts Options, sources []source) (*Network, error) {
	if opts.Tags == nil {
		opts.Tags = DefaultTags()
	}
	opts.MaxBytes = opts.mostBytes()
	if opts.MaxRefs <= 0 {
		opts.MaxRefs = defaultMaxRefs
	}
	opts.MaxRefs = min(opts.MaxRefs, math.MaxInt32) // a network counts in int32
	i := &importer{ctx: ctx, opts: opts, files: make([]file, len(sources)), texts: newTexts()}
	for k, src := range sources {
		i.files[k].source = src
	}
	if err := i.readWays(); err != nil {
		return nil, err
	}
	if err := i.settleVersions(); err != nil {
		return nil, err
	}
	if err := i.addFerries(); err != nil {
		return nil, err
	}
	if err := i.readNodes(); err != nil {
		return nil, err
	}
	net := i.assemble()
	if len(net.Ways) == 0 {
		name := sources[0].name
		if len(sources) > 1 {
			name += " and others"
		}
		return nil, &FileError{Name: name, Offset: -1, Err: matter(ErrNoRoads,
			"there is no way with nodes that a car, a bicycle or a person on foot may use (%d ways were left out, %d nodes are missing); is it the right extract?",
			net.Skipped.Ways, net.Skipped.MissingNodes)}
	}
	return net, nil
}

// importer is the state of one Read.
type importer struct {
	ctx   context.Context
	opts  Options
	files []file
	texts *texts

	ways      []rawWay
	refs      []int64 // node ids of ways, back to back; see rawWay
	relations []rawRelation
	skipped   Skipped

	needed []int64 // ids of all nodes of ways, ascending
	points []point // by index in needed
}

// file is one input and what is known of it.
type file struct {
	source
	index  blockIndex
	blocks int // how many there are
	first  int // number of its first block among those of all files
	info   FileInfo
}

// rawWay is a way before its nodes are known. First and Count refer to
// importer.refs, and its texts are numbered by the importer. A country has
// millions.
type rawWay struct {
	way      Way
	version  int32
	gone     bool
	position int64
}

// wording is a way's texts until they are numbered.
type wording struct{ name, ref, condition string }

// rawRelation is a turn restriction or a ferry route.
type rawRelation struct {
	id       int64
	version  int32
	gone     bool
	position int64
	tags     Tags
	members  []member
}

// seen is a version of an object that is kept, met by settleVersions.
type seen struct {
	kind     kinds
	slot     int
	version  int32
	gone     bool
	position int64
}

// newer reports whether version a at position p takes the place of version b
// at q.
func newer(a int32, p int64, b int32, q int64) bool { return a > b || a == b && p > q }

// pass runs a task over all files, and hands the batches to merge in order.
func (i *importer) pass(name string, t *task, merge func(*file, *batch) error) error {
	first := 0
	for k := range i.files {
		f := &i.files[k]
		f.first = first
		if err := i.scan(name, f, t, merge); err != nil {
			return err
		}
		first += f.blocks
	}
	return nil
}

func (i *importer) scan(name string, f *file, t *task, merge func(*file, *batch) error) (err error) {
	if err := i.ctx.Err(); err != nil {
		return err
	}
	st, err := f.stream(i.opts.MaxBytes)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.file.Close()) }()
	report := func(done bool) {
		if i.opts.OnProgress != nil {
			i.opts.OnProgress(Progress{name, f.name, st.stored.n.Load(), f.size, done})
		}
	}
	f.info.Name, f.info.Format, f.info.Packed = f.name, st.format, st.packed
	each := func(b *batch) error {
		if err := i.ctx.Err(); err != nil {
			return err
		}
		report(false)
		return merge(f, b)
	}
	if st.format == FormatPBF {
		scan := pbfScan{name: f.name, r: st.r, index: &f.index, first: f.first, task: t}
		err = scan.run(i.ctx, each)
		f.blocks = max(f.blocks, len(f.index.holds))
	} else {
		scan := xmlScan{name: f.name, meter: meter{r: st.r}, first: f.first, task: t, merge: each}
		f.blocks, err = scan.run(i.ctx)
	}
	if err != nil {
		return err
	}
	f.info.Bytes = st.stored.n.Load()
	report(true)
	return nil
}

// roadKeys are the keys of which a way needs one to be of use.
var roadKeys = map[string]bool{"highway": true, "route": true, "man_made": true, "railway": true}

// readWays is the first pass: ways that some mode may use, turn restrictions
// and ferry routes.
func (i *importer) readWays() error {
	rules := i.opts.Tags
	spans := make([][3]span, len(i.files))
	t := &task{
		kinds: kindWay | kindRelation,
		keys:  roadKeys,
		tagged: func(kind kinds, tags Tags) bool {
			return kind == kindWay || isRestriction(tags) || isFerryRoute(tags)
		},
		visit: func(b *batch, o *object) {
			if o.kind == kindRelation {
				b.addRelation(o)
				return
			}
			b.addWay(rules, o)
		},
	}
	err := i.pass("ways", t, func(f *file, b *batch) error {
		f.info.Nodes += b.counts[0]
		f.info.Ways += b.counts[1]
		f.info.Relations += b.counts[2]
		f.info.RoadWays += int64(len(b.ways))
		f.info.RoadRelations += int64(len(b.relations))
		at := f.place(i.files)
		for k := range b.spans {
			spans[at][k].join(b.spans[k])
		}
		return i.keep(b)
	})
	if err != nil {
		return err
	}
	for k := range i.files {
		f := &i.files[k]
		f.info.Sorted = !spans[k][0].loose && !spans[k][1].loose && !spans[k][2].loose
		if i.opts.OnFile != nil {
			i.opts.OnFile(f.info)
		}
	}
	return nil
}

// place is the file's index among all.
func (f *file) place(all []file) int {
	for k := range all {
		if &all[k] == f {
			return k
		}
	}
	return -1
}

// addRelation copies the relation with its strings, which would otherwise
// keep the string table of their whole block.
func (b *batch) addRelation(o *object) {
	r := rawRelation{
		id: o.id, version: o.version, gone: o.deleted, position: o.position,
		tags: make(Tags, len(o.tags)), members: slices.Clone(o.members),
	}
	for k, t := range o.tags {
		r.tags[k] = Tag{strings.Clone(t.Key), strings.Clone(t.Value)}
	}
	for k := range r.members {
		r.members[k].role = strings.Clone(r.members[k].role)
	}
	b.relations = append(b.relations, r)
}

func (b *batch) addWay(rules *TagRules, o *object) {
	u, ok := rules.Way(o.tags)
	if !ok || o.deleted {
		if !o.deleted && isRoad(o.tags) {
			b.skipped.Ways++
		}
		return
	}
	for _, tag := range u.Bad {
		b.skipped.badValue("way", o.id, tag)
	}
	b.keepWay(o, &u)
}

func (b *batch) keepWay(o *object, u *Understood) {
	first := len(b.refs)
	for _, id := range o.refs {
		// The same node twice in a row is a segment of no length.
		if n := len(b.refs); n == first || b.refs[n-1] != id {
			b.refs = append(b.refs, id)
		}
	}
	w := rawWay{way: u.Way, version: o.version, position: o.position}
	w.way.ID, w.way.First, w.way.Count = o.id, int32(first), int32(len(b.refs)-first)
	b.ways = append(b.ways, w)
	b.words = append(b.words, wording{u.Name, u.Ref, u.Condition})
}

// isRoad reports whether a way that is of no use looks as if it were a road.
func isRoad(tags Tags) bool { return tags.Get("highway") != "" || tags.word("route") == "ferry" }

// keep takes over what a batch holds.
func (i *importer) keep(b *batch) error {
	if len(i.refs)+len(b.refs) > i.opts.MaxRefs {
		return matter(ErrTooLarge, "the roads have more than %d nodes (Options.MaxRefs); cut a smaller extract", i.opts.MaxRefs)
	}
	base := len(i.refs)
	i.refs = append(i.refs, b.refs...)
	for k := range b.ways {
		w, words := &b.ways[k].way, &b.words[k]
		w.First += int32(base) // MaxRefs is an int32
		w.Name, w.Ref = i.texts.number(words.name), i.texts.number(words.ref)
		w.Condition = i.texts.number(words.condition)
	}
	i.ways = append(i.ways, b.ways...)
	i.relations = append(i.relations, b.relations...)
	i.skipped.add(&b.skipped)
	return nil
}
