// Drives kafka-go 0.2.1 as Debian ships it.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/gzip"
	"github.com/segmentio/kafka-go/lz4"
	"github.com/segmentio/kafka-go/snappy"
)

var codecs = map[string]kafka.CompressionCodec{
	"gzip": gzip.NewCompressionCodec(), "snappy": snappy.NewCompressionCodec(), "lz4": lz4.NewCompressionCodec(),
}

func say(fields map[string]interface{}) {
	line, _ := json.Marshal(fields)
	fmt.Println(string(line))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	check(err)
	return value
}

func message(index, size int) kafka.Message {
	m := kafka.Message{}
	if index%3 != 0 {
		m.Key = []byte(fmt.Sprintf("key-%d", index))
	}
	if index%3 == 0 || index%7 != 0 || size >= 1000 {
		value := fmt.Sprintf("value-%d-", index)
		m.Value = []byte(value + strings.Repeat("x", max(0, size-len(value))))
	}
	return m
}

func max(a, b int) int {
	if a > b {
		return a
	}
	return b
}

func shown(data []byte) interface{} {
	if data == nil {
		return nil
	}
	if len(data) <= 100 {
		return string(data)
	}
	return fmt.Sprintf("sha256:%x", sha256.Sum256(data))
}

func sayRecord(m kafka.Message) {
	say(map[string]interface{}{"partition": m.Partition, "offset": m.Offset, "key": shown(m.Key), "value": shown(m.Value), "headers": []string{}})
}

func produce(bootstrap, topic string, rest []string) {
	acks := map[string]int{"0": 0, "1": 1, "all": -1}[rest[0]]
	count, size := number(rest[2]), number(rest[3])
	config := kafka.WriterConfig{Brokers: []string{bootstrap}, Topic: topic, RequiredAcks: acks, BatchTimeout: 20 * time.Millisecond,
		MaxAttempts: 2, CompressionCodec: codecs[rest[1]], Balancer: &kafka.RoundRobin{}}
	writer := kafka.NewWriter(config)
	defer writer.Close()
	messages := make([]kafka.Message, count)
	for index := range messages {
		messages[index] = message(index, size)
	}
	if err := writer.WriteMessages(context.Background(), messages...); err != nil {
		say(map[string]interface{}{"error": err.Error()})
		return
	}
	say(map[string]interface{}{"acknowledged": count})
}

func limited() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), 30*time.Second)
}

func consume(bootstrap, topic string, rest []string) {
	reader := kafka.NewReader(kafka.ReaderConfig{Brokers: []string{bootstrap}, Topic: topic, Partition: number(rest[0]), MaxWait: 200 * time.Millisecond, MinBytes: 1, MaxBytes: 8000000})
	defer reader.Close()
	start := strings.Split(rest[1], ":")
	ctx, cancel := limited()
	defer cancel()
	if start[0] == "time" {
		leader, err := kafka.DialLeader(ctx, "tcp", bootstrap, topic, number(rest[0]))
		check(err)
		offset, err := leader.ReadOffset(time.Unix(0, int64(number(start[1]))*1000000))
		check(err)
		check(leader.Close())
		check(reader.SetOffset(offset))
	} else {
		check(reader.SetOffset(int64(number(start[1]))))
	}
	for left := number(rest[2]); left > 0; left-- {
		m, err := reader.ReadMessage(ctx)
		check(err)
		sayRecord(m)
	}
}

func groupReader(bootstrap, topic, group string, logger *log.Logger) *kafka.Reader {
	return kafka.NewReader(kafka.ReaderConfig{Brokers: []string{bootstrap}, Topic: topic, GroupID: group, MaxWait: 200 * time.Millisecond, MinBytes: 1, MaxBytes: 8000000,
		SessionTimeout: 6 * time.Second, HeartbeatInterval: 300 * time.Millisecond, RebalanceTimeout: 10 * time.Second, Logger: logger})
}

func resume(bootstrap, topic string, rest []string) {
	reader := groupReader(bootstrap, topic, rest[0], nil)
	ctx, cancel := limited()
	defer cancel()
	for left := number(rest[1]); left > 0; left-- {
		m, err := reader.FetchMessage(ctx)
		check(err)
		check(reader.CommitMessages(ctx, m))
		sayRecord(m)
	}
	check(reader.Close())
}

// assignments turns the line that the reader logs when it has got its partitions into one of ours.
type assignments struct{}

var subscribed = regexp.MustCompile(`subscribed to partitions: map\[(.*)\]`)

func (assignments) Write(line []byte) (int, error) {
	if match := subscribed.FindSubmatch(line); match != nil {
		partitions := []int{}
		for _, pair := range strings.Fields(string(match[1])) {
			partitions = append(partitions, number(strings.Split(pair, ":")[0]))
		}
		say(map[string]interface{}{"assigned": partitions})
	}
	return len(line), nil
}

func member(bootstrap, topic string, rest []string) {
	var out io.Writer = assignments{}
	reader := groupReader(bootstrap, topic, rest[0], log.New(out, "", 0))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	for {
		m, err := reader.ReadMessage(ctx)
		if ctx.Err() != nil {
			check(reader.Close())
			return
		}
		check(err)
		sayRecord(m)
	}
}

func admin(bootstrap, topic string, rest []string) {
	connection, err := kafka.Dial("tcp", bootstrap)
	check(err)
	defer connection.Close()
	check(connection.CreateTopics(kafka.TopicConfig{Topic: topic, NumPartitions: 3, ReplicationFactor: 1,
		ConfigEntries: []kafka.ConfigEntry{{ConfigName: "retention.ms", ConfigValue: "12345"}}}))
	partitions, err := connection.ReadPartitions(topic)
	check(err)
	check(connection.DeleteTopics(topic))
	say(map[string]interface{}{"partitions": len(partitions), "retention": "12345", "deleted": true})
}

func main() {
	bootstrap, command, topic, rest := os.Args[1], os.Args[2], os.Args[3], os.Args[4:]
	map[string]func(string, string, []string){"produce": produce, "consume": consume, "resume": resume, "member": member, "admin": admin}[command](bootstrap, topic, rest)
}
